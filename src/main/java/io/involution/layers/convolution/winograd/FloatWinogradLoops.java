package io.involution.layers.convolution.winograd;

/** {@link WinogradLoops} of float32. */
final class FloatWinogradLoops implements WinogradLoops<float[]> {
  @Override
  public void combine(float[] to, Two<float[]> terms, int count) {
    float[] x = terms.x();
    float[] y = terms.y();
    float a = (float) terms.a();
    float b = (float) terms.b();
    for (int i = 0; i < count; i++) {
      to[i] = a * x[i] + b * y[i];
    }
  }

  @Override
  public void combine(float[] to, Three<float[]> terms, int count) {
    float[] x = terms.x();
    float[] y = terms.y();
    float[] z = terms.z();
    float a = (float) terms.a();
    float b = (float) terms.b();
    float c = (float) terms.c();
    for (int i = 0; i < count; i++) {
      to[i] = a * x[i] + b * y[i] + c * z[i];
    }
  }

  @Override
  public void sumAndDifference(float[] sum, float[] difference, float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = x[i] + y[i];
      difference[i] = x[i] - y[i];
    }
  }

  @Override
  public void butterfly(float[] plus, float[] minus, EvenAndOdd<float[]> parts, int count) {
    float[] x = parts.x();
    float[] y = parts.y();
    float[] z = parts.z();
    float[] w = parts.w();
    float a = (float) parts.a();
    float b = (float) parts.b();
    float c = (float) parts.c();
    for (int i = 0; i < count; i++) {
      float even = x[i] + a * y[i];
      float odd = b * z[i] + c * w[i];
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  @Override
  public void gather(Indexed<float[]> from, float[] to, int at, int count) {
    float[] array = from.array();
    int[] places = from.places().of;
    int shift = from.shift();
    for (int t = 0; t < count; t++) {
      to[at + t] = array[places[t] + shift];
    }
  }

  @Override
  public void scatter(float[] from, int at, Indexed<float[]> to, int count) {
    float[] array = to.array();
    int[] places = to.places().of;
    int shift = to.shift();
    for (int t = 0; t < count; t++) {
      array[places[t] + shift] = from[at + t];
    }
  }

  @Override
  public void addScattered(float[] from, int at, Indexed<float[]> to, int count) {
    float[] array = to.array();
    int[] places = to.places().of;
    int shift = to.shift();
    for (int t = 0; t < count; t++) {
      array[places[t] + shift] += from[at + t];
    }
  }
}
