// Shows the OpenAPI document. A file of its own, because nothing may run inline.
const place = document.getElementById("api");
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // A token that outlives the page could be read by whoever opens it next.
  persistAuthorization: false,
  // Swagger's own checker of documents is another site.
  validatorUrl: null,
});
