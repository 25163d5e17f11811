package io.involution.layers.convolution.activation;

/**
 * {@link ActivationLoops} of float64, for gradient checks: plain, where those of float32 are fast.
 */
final class DoubleActivationLoops implements ActivationLoops<double[]> {
  @Override
  public void activate(double[] values, OutputLine line, byte[] winners) {
    for (int i = line.at(); i < line.end(); i++) {
      double value = values[i] + line.bias();
      values[i] = Math.max(value, line.floor());
      if (winners != null && line.cuts()) {
        winners[line.toMark() + i] = Winners.mark(value, line.floor(), 0);
      }
    }
  }

  @Override
  public void pool(Windows<double[]> windows, OutputLine line, byte[] winners) {
    for (int i = line.at(); i < line.end(); i++) {
      double a = windows.upperLeft()[i];
      double b = windows.upperRight()[i];
      double c = windows.lowerLeft()[i];
      double d = windows.lowerRight()[i];
      double value = Winners.largest(a, b, c, d) + line.bias();
      windows.upperLeft()[i] = Math.max(value, line.floor());
      if (winners != null) {
        winners[line.toMark() + i] = Winners.mark(value, line.floor(), Winners.place(a, b, c, d));
      }
    }
  }

  @Override
  public void deactivate(double[] gradients, OutputLine line, byte[] winners) {
    if (line.cuts()) {
      cut(gradients, line, winners);
    }
  }

  private static void cut(double[] gradients, OutputLine line, byte[] winners) {
    for (int i = line.at(); i < line.end(); i++) {
      boolean active = winners[line.toMark() + i] != Winners.INACTIVE;
      gradients[i] = active ? gradients[i] : 0;
    }
  }

  @Override
  public double sum(double[] gradients, int at, int count) {
    return Winners.sum(gradients, at, count);
  }

  @Override
  public void unpool(Windows<double[]> windows, OutputLine line, byte[] winners) {
    for (int i = line.at(); i < line.end(); i++) {
      double gradient = windows.upperLeft()[i];
      int best = winners[line.toMark() + i];
      windows.upperLeft()[i] = best == 0 ? gradient : 0;
      windows.upperRight()[i] = best == 1 ? gradient : 0;
      windows.lowerLeft()[i] = best == 2 ? gradient : 0;
      windows.lowerRight()[i] = best == 3 ? gradient : 0;
    }
  }

  @Override
  public void gather(double[] products, Places places, Windows<double[]> windows, int count) {
    for (int i = 0; i < count; i++) {
      int place = places.at() + places.of()[i];
      windows.upperLeft()[i] = products[place];
      windows.upperRight()[i] = products[place + 1];
      windows.lowerLeft()[i] = products[place + places.below()];
      windows.lowerRight()[i] = products[place + places.below() + 1];
    }
  }

  @Override
  public void scatter(
      double[] gradients, OutputLine line, byte[] winners, double[] products, Places places) {
    cut(gradients, line, winners);
    for (int i = line.at(); i < line.end(); i++) {
      int best = winners[line.toMark() + i];
      int row = (best & 2) == 0 ? 0 : places.below();
      products[places.at() + places.of()[i - line.at()] + row + (best & 1)] = gradients[i];
    }
  }
}
