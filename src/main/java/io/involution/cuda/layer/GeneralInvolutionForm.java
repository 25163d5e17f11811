package io.involution.cuda.layer;

import static io.involution.cuda.driver.Grid.parts;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.involution.InvolutionShape;

/** The involution for every setting, by the kernels of involution.cu, which say what they make. */
final class GeneralInvolutionForm implements InvolutionForm {
  private static final int FORWARD_THREADS = 128;
  private static final int GRADIENT_THREADS = 256;
  private static final int SUM_THREADS = 512;
  private static final int REDUCE_ROWS = 8;
  private static final int FEW_MEMBERS = 4;
  private static final int MEMBERS = 8;
  private static final int TILE = 64;
  private static final int SQUARE = 32;
  private static final int WARP = 32;

  /** Doubles of a struct Norm. */
  private static final int NORM = 5;

  private final InvolutionSite site;
  private final InvolutionShape shape;
  private final LayerPlace place;
  private final long sizes;
  private final long reduced;
  private final long moments;
  private final long norms;
  private final long winners;
  private final long placeGradient;
  private final long normGradient;
  private final long activations;
  private final long normParts;
  private final long spanParts;
  private final long reduceParts;
  private final Kernel reduce;
  private final Kernel norm;
  private final Kernel forward;
  private final Kernel kernelGradients;
  private final Kernel normGradients;
  private final Kernel reduceGradients;
  private final Kernel inputGradient;
  private final Kernel sums;

  GeneralInvolutionForm(InvolutionSite site) {
    this.site = site;
    shape = site.shape();
    place = site.place();
    long images = place.capacity();
    long channels = images * shape.reduced;
    sizes = site.bytes((long) Integer.BYTES * sizes(shape).length);
    place.device().write(sizes, sizes(shape));
    reduced = site.floats(channels * site.places());
    moments = site.doubles(channels * 2);
    norms = site.doubles((long) shape.reduced * NORM);
    winners = site.bytes(site.outputs());
    placeGradient = site.floats(images * shape.channels * site.places());
    normGradient = site.floats(channels * site.places());
    activations = site.floats(channels * site.places());
    normParts = site.doubles(channels * tiles() * (TILE / WARP) * 2);
    spanParts = site.floats(images * tiles() * spanLength());
    reduceParts = site.doubles(channels * shape.channels);
    reduce = kernel("reduce");
    norm = kernel("norm");
    forward = kernel("forward_" + members());
    kernelGradients = kernel("kernel_gradients");
    normGradients = kernel("norm_gradients");
    reduceGradients = kernel("reduce_gradients");
    inputGradient = kernel("input_gradient_" + members());
    sums = kernel("sums");
  }

  private Kernel kernel(String name) {
    return place.device().kernel("involution", "involution_" + name);
  }

  private static int[] sizes(InvolutionShape shape) {
    return new int[] {
      shape.channels,
      shape.height,
      shape.width,
      shape.outHeight,
      shape.outWidth,
      shape.kernelSize,
      shape.stride,
      shape.groups,
      shape.contiguousGroups() ? 1 : 0,
      shape.reduced,
      shape.padTop,
      shape.padLeft,
      shape.averageTop,
      shape.averageLeft,
      shape.relu ? 1 : 0,
      shape.pool ? 1 : 0
    };
  }

  private int tiles() {
    return parts(site.places(), TILE);
  }

  /** Weights and biases of the second 1x1 convolution. */
  private int spanLength() {
    return Math.multiplyExact(shape.taps * shape.groups, shape.reduced + 1);
  }

  /** Blocks that have a part of a group's channels each. */
  private int channelParts() {
    return shape.groups * parts(shape.channels / shape.groups, members());
  }

  /** Channels of a group that a thread has at once. */
  private int members() {
    return shape.channels / shape.groups <= FEW_MEMBERS ? FEW_MEMBERS : MEMBERS;
  }

  private Grid perImage(int blocks, int y, int z, int threads) {
    return new Grid(Math.multiplyExact(place.capacity(), blocks), y, z, threads);
  }

  @Override
  public void forward(boolean training) {
    long input = place.input().values();
    long parameters = place.parameters();
    site.launch(
        reduce,
        perImage(1, parts(shape.reduced, REDUCE_ROWS), 1, GRADIENT_THREADS),
        input,
        parameters,
        sizes,
        place.step(),
        reduced,
        moments);
    site.launch(
        norm,
        new Grid(shape.reduced, GRADIENT_THREADS),
        parameters,
        sizes,
        place.step(),
        moments,
        norms,
        training ? 1 : 0);
    int windows = shape.pool ? shape.pooledHeight() * shape.pooledWidth() * 4 : site.places();
    site.launch(
        forward,
        perImage(parts(windows, FORWARD_THREADS), channelParts(), 1, FORWARD_THREADS),
        input,
        parameters,
        sizes,
        place.step(),
        norms,
        reduced,
        site.output().values(),
        winners);
  }

  @Override
  public void backward() {
    kernelGradients();
    reduceGradients();
    if (place.input().gradient() != 0) {
      inputGradient();
    }
    int blocks = parts(spanLength(), WARP) + parts((long) shape.reduced * shape.channels, WARP);
    site.launch(
        sums,
        new Grid(blocks, SUM_THREADS),
        sizes,
        place.step(),
        spanParts,
        reduceParts,
        place.gradients());
  }

  private void kernelGradients() {
    site.launch(
        kernelGradients,
        perImage(tiles(), 1, 1, GRADIENT_THREADS),
        place.input().values(),
        place.parameters(),
        sizes,
        place.step(),
        norms,
        reduced,
        winners,
        site.output().gradient(),
        placeGradient,
        normGradient,
        activations,
        spanParts,
        normParts);
    site.launch(
        normGradients,
        new Grid(shape.reduced, GRADIENT_THREADS),
        sizes,
        place.step(),
        normParts,
        norms,
        place.gradients());
  }

  private void reduceGradients() {
    site.launch(
        reduceGradients,
        perImage(1, parts(shape.reduced, SQUARE), parts(shape.channels, SQUARE), GRADIENT_THREADS),
        place.input().values(),
        place.parameters(),
        sizes,
        place.step(),
        norms,
        reduced,
        normGradient,
        reduceParts);
  }

  private void inputGradient() {
    int blocks = parts((long) shape.height * shape.width, FORWARD_THREADS);
    site.launch(
        inputGradient,
        perImage(blocks, channelParts(), 1, FORWARD_THREADS),
        place.parameters(),
        sizes,
        place.step(),
        norms,
        reduced,
        normGradient,
        activations,
        placeGradient,
        place.input().gradient());
  }
}
