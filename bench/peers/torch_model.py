"""FNCF in PyTorch, with the first weights and the features of `fncf.py`."""

import fncf
import torch
from torch import nn


class Fncf(nn.Module):
    def __init__(self):
        super().__init__()
        f = fncf.FACTORS
        user_table, item_table = fncf.feature_tables()
        self.register_buffer("user_table", torch.from_numpy(user_table))
        self.register_buffer("item_table", torch.from_numpy(item_table))
        self.user_id = nn.Embedding(fncf.USERS, f)
        self.item_id = nn.Embedding(fncf.ITEMS, f)
        self.user_side = nn.Linear(fncf.USER_FEATURES, f)
        self.item_side = nn.Linear(fncf.ITEM_FEATURES, f)
        self.fc1 = nn.Linear(4 * f, 2 * f)
        self.fc2 = nn.Linear(2 * f, f)
        self.out = nn.Linear(f, 1)
        with torch.no_grad():
            for name, value in fncf.initial_weights().items():
                layer, _, kind = name.partition(".")
                parameter = getattr(getattr(self, layer), "bias" if kind == "b" else "weight")
                parameter.copy_(torch.from_numpy(value.T if kind == "w" else value))

    def forward(self, users, items):
        concat = torch.cat([
            self.user_id(users), self.user_side(self.user_table[users]),
            self.item_id(items), self.item_side(self.item_table[items])], dim=1)
        return self.out(self.fc2(self.fc1(concat).relu()).relu()).squeeze(1)
