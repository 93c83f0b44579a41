// What makes the pages quicker and kinder where scripts run; each page works without.

import { localTimes } from "./times.js";
import { copyButtons } from "./copy.js";
import { themeButton } from "./theme-button.js";
import { keepPlace } from "./place.js";
import { marks } from "./marks.js";
import { workspace } from "./workspace.js";
import { coverage } from "./coverage.js";
import { desk } from "./desk.js";
import { menus } from "./menu.js";
import { selection } from "./selection.js";
import { boundaries } from "./boundaries.js";
import { evidence } from "./evidence.js";
import { drafts, restoreDrafts } from "./drafts.js";
import { live } from "./live.js";
import { mentions } from "./mentions.js";
import { revisions } from "./revisions.js";
import { net } from "./net.js";
import { keyHints, keys } from "./keys.js";

function fresh(part) {
  localTimes(part);
  copyButtons(part);
  keyHints(part);
  restoreDrafts(part);
}

drafts();
net();
keys();
fresh(document);
themeButton();
keepPlace(fresh);
marks();
workspace(fresh);
coverage();
desk(fresh);
menus();
selection();
boundaries();
evidence();
mentions();
revisions();
live(fresh);
// For whoever measures: from here on the page does all that it can.
performance.mark("ready");
