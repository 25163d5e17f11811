#!/usr/bin/env python3
"""Times one training step of both reference networks by PyTorch on a GPU, in its usual forms.

The arithmetic is the job's: uint8 images on the device, gathered by a permutation and divided by 255 in the step; 3x3 SAME
convolutions, or involutions with BatchNorm; ReLU; 2x2 max-pool; Adam (rate 1e-3, epsilon 1e-7) on minibatches of 256.
Forms: eager; graph (the eager step captured in a CUDA graph); whole (loss and gradients by torch.compile, then the whole
step captured). Prints a JSON line for each: median, least and most milliseconds of a step in rounds of 200.
"""
import json
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, EXAMPLES, STEPS, ROUNDS = 256, 50000, 200, 5


class Involution(nn.Module):
    """3 channels, 3x3, one group: nine shifted products, which is faster than unfolding."""

    def __init__(self, channels=3, size=3):
        super().__init__()
        self.size = size
        self.reduce = nn.Conv2d(channels, 1, 1)
        self.norm = nn.BatchNorm2d(1, eps=1e-3, momentum=0.01)
        self.span = nn.Conv2d(1, size * size, 1)

    def forward(self, x):
        height, width = x.shape[2:]
        kernel = self.span(F.relu(self.norm(self.reduce(x))))
        padded = F.pad(x, (self.size // 2,) * 4)
        taps = [(t // self.size, t % self.size) for t in range(self.size * self.size)]
        return sum(
            kernel[:, i : i + 1] * padded[:, :, r : r + height, c : c + width]
            for i, (r, c) in enumerate(taps)
        )


def head(features):
    return nn.Flatten(), nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, 10)


def convolution():
    def block(inputs, outputs):
        return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()

    pool = nn.MaxPool2d(2)
    return nn.Sequential(*block(3, 32), pool, *block(32, 64), pool, *block(64, 64), *head(4096))


def involution():
    pool = nn.MaxPool2d(2)
    return nn.Sequential(
        Involution(), nn.ReLU(), pool, Involution(), nn.ReLU(), pool, Involution(), nn.ReLU(), *head(192)
    )


class Data:
    """Random images and labels on the device, and the permutation that a step reads them by."""

    def __init__(self):
        torch.manual_seed(1)
        self.images = torch.randint(0, 256, (EXAMPLES, 3, 32, 32), dtype=torch.uint8, device="cuda")
        self.labels = torch.randint(0, 10, (EXAMPLES,), device="cuda")
        self.order = torch.randperm(EXAMPLES, device="cuda")
        self.places = torch.arange(BATCH, device="cuda")
        self.first = torch.zeros((), dtype=torch.long, device="cuda")


def training_step(make, form, channels_last, data):
    """A callable that takes one step, and what has to live as long as it."""
    torch.manual_seed(42)
    torch._dynamo.reset()
    network = make().cuda().train()
    layout = torch.channels_last if channels_last else torch.contiguous_format
    network = network.to(memory_format=layout)
    adam = torch.optim.Adam(network.parameters(), lr=1e-3, eps=1e-7, capturable=form != "eager", fused=True)

    def loss_of(chosen):
        images = (data.images[chosen].float() / 255).contiguous(memory_format=layout)
        return F.cross_entropy(network(images), data.labels[chosen])

    loss_function = torch.compile(loss_of) if form == "whole" else loss_of

    def step():
        loss = loss_function(data.order[data.first + data.places])
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()

    if form == "eager":
        return step, (network, adam)
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay, (graph, network, adam, loss_function)


def milliseconds(step):
    for _ in range(20):
        step()
    torch.cuda.synchronize()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        for _ in range(STEPS):
            step()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - begin) / STEPS * 1e3)
    return times


def main():
    data = Data()
    print(json.dumps({"torch": torch.__version__, "card": torch.cuda.get_device_name()}), flush=True)
    torch.backends.cudnn.benchmark = True
    for name, make, layouts in (("convolution", convolution, (False, True)), ("involution", involution, (False,))):
        for tf32 in (False, True):
            torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = tf32
            for form in ("eager", "graph", "whole"):
                for channels_last in layouts if form == "whole" else (False,):
                    step, kept = training_step(make, form, channels_last, data)
                    times = milliseconds(step)
                    row = {"network": name, "form": form, "tf32": tf32, "channels_last": channels_last}
                    row.update(ms=round(statistics.median(times), 4), least=round(min(times), 4), most=round(max(times), 4))
                    print(json.dumps(row), flush=True)
                    del step, kept


if __name__ == "__main__":
    main()
