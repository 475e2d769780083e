"""Benches: each work beside a floor that was taken in the same run. `script/bench` runs them."""
