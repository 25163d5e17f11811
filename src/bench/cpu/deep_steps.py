#!/usr/bin/env python3
"""Takes training steps of a deep network by PyTorch on the CPU, when told so, in one of its usual forms.

  deep_steps.py NETWORK THREADS BATCH LAYOUT FORM

NETWORK is deep-convolution or deep-involution; LAYOUT is channels-first or channels-last; FORM is how an involution is
written, shifts (a sum of shifted products) or unfold (one product with all patches), with +compiled for torch.compile.
The arithmetic is the job's: uint8 images divided by 255 in the step, Adam (rate 1e-3, epsilon 1e-7), cross-entropy.
Prints "ready" and the number of parameters; for every number on standard input, that many steps are taken
after one more, and "seconds" of one are printed. io.involution.bench.DeepSteps starts it.
"""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTHS = (64, 256, 256)
BATCHES = 4


def norm(channels):
    """BatchNorm with offsets only."""
    layer = nn.BatchNorm2d(channels, eps=1e-5, momentum=0.4)
    layer.weight.requires_grad = False
    return layer


class Involution(nn.Module):
    """5x5, 16 channels a group, a quarter of the channels between the two 1x1 convolutions."""

    def __init__(self, channels, form, size=5, together=16):
        super().__init__()
        self.size, self.together, self.groups, self.form = size, together, channels // together, form
        self.reduce = nn.Conv2d(channels, channels // 4, 1)
        self.norm = nn.BatchNorm2d(channels // 4, eps=1e-3, momentum=0.01)
        self.span = nn.Conv2d(channels // 4, size * size * self.groups, 1)

    def forward(self, x):
        images, channels, height, width = x.shape
        taps = self.size * self.size
        kernel = self.span(F.relu(self.norm(self.reduce(x)))).view(images, self.groups, 1, taps, height, width)
        if self.form == "unfold":
            patches = F.unfold(x, self.size, padding=self.size // 2)
            patches = patches.view(images, self.groups, self.together, taps, height, width)
            return (kernel * patches).sum(3).view(images, channels, height, width)
        padded = F.pad(x, (self.size // 2,) * 4)
        out = None
        for tap in range(taps):
            y, x0 = divmod(tap, self.size)
            shifted = padded[:, :, y : y + height, x0 : x0 + width]
            shifted = shifted.reshape(images, self.groups, self.together, height, width)
            product = kernel[:, :, :, tap] * shifted
            out = product if out is None else out + product
        return out.view(images, channels, height, width)


class Half(nn.Module):
    """A convolution, a max-pool in the first half of a block, BatchNorm, GELU, and what adds to that."""

    def __init__(self, inputs, width, size, pool, form):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, width, size, padding="same", bias=False)
        self.pool, self.norm = pool, norm(width)
        self.involution = Involution(width, form) if form else None
        self.last = norm(width) if form else None

    def forward(self, x):
        x = self.convolution(x)
        x = F.gelu(self.norm(F.max_pool2d(x, 2) if self.pool else x))
        return x if self.involution is None else x + F.gelu(self.last(self.involution(x)))


class Deep(nn.Module):
    """Frozen filters of 2x2 whose offsets learn, six halves, a global maximum, and a product."""

    def __init__(self, form):
        super().__init__()
        self.whitening = nn.Conv2d(3, 24, 2)
        self.whitening.weight.requires_grad = False
        halves, inputs = [], 24
        for block, width in enumerate(WIDTHS):
            size = 1 if form and block else 3
            halves.append(Half(inputs, width, size, True, form))
            halves.append(Half(width, width, 1 if form else 3, False, form))
            inputs = width
        self.halves = nn.Sequential(*halves)
        self.output = nn.Linear(inputs, 10, bias=False)

    def forward(self, x):
        x = self.halves(F.gelu(self.whitening(x)))
        return self.output(x.amax((2, 3)) / 9)


def main():
    name, threads, batch, layout, form = sys.argv[1:]
    if name not in ("deep-convolution", "deep-involution"):
        sys.exit(f"{name} is not written here: use deep-convolution or deep-involution")
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    torch.manual_seed(42)
    writing, _, compiled = form.partition("+")
    place = torch.channels_last if layout == "channels-last" else torch.contiguous_format
    network = Deep(writing if name == "deep-involution" else "").to(memory_format=place).train()
    trained = [each for each in network.parameters() if each.requires_grad]
    adam = torch.optim.Adam(trained, lr=1e-3, eps=1e-7, fused=True)
    run = torch.compile(network) if compiled else network
    images = torch.randint(0, 256, (BATCHES, int(batch), 3, 32, 32), dtype=torch.uint8)
    labels = torch.randint(0, 10, (BATCHES, int(batch)))
    losses = []

    def step(number):
        pixels = (images[number % BATCHES].float() / 255).contiguous(memory_format=place)
        loss = F.cross_entropy(run(pixels), labels[number % BATCHES])
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        losses.append(float(loss))

    for number in range(BATCHES):
        step(number)
    print("ready", network.whitening.weight.numel() + sum(each.numel() for each in trained), flush=True)
    for line in sys.stdin:
        step(0)
        begin = time.perf_counter()
        for number in range(int(line)):
            step(number)
        print("seconds", (time.perf_counter() - begin) / int(line), flush=True)
    print("losses", losses[0], losses[-1], file=sys.stderr)


if __name__ == "__main__":
    main()
