package io.involution.cuda.layer;

import static io.involution.cuda.driver.Grid.parts;

import io.involution.cuda.driver.Grid;
import io.involution.cuda.driver.Kernel;
import io.involution.layers.involution.InvolutionShape;

/** The reference network's involutions, by the kernels of involution_plain.cu. */
final class PlainInvolutionForm implements InvolutionForm {
  private static final int CHANNELS = 3;
  private static final int KERNEL_SIZE = 3;

  /** The size of images whose input's gradient is not computed, and that without a pool. */
  private static final int LARGEST = 32;

  private static final int SMALLEST = 8;
  private static final int MOMENT_THREADS = 256;
  private static final int FINISH_THREADS = 512;

  /** Sums of the moments; numbers of a part of the backward pass; doubles of a struct BatchNorm. */
  private static final int MOMENTS = 9;

  private static final int SUMS = 32;
  private static final int NORM = 8;

  /** Pixels that a block of the moments sums at least, and the most blocks. */
  private static final int PART = 2048;

  private static final int MOST_PARTS = 128;

  private final InvolutionSite site;
  private final LayerPlace place;
  private final int size;
  private final int momentImages;
  private final long moments;
  private final long norm;
  private final long winners;
  private final long sums;
  private final long normGradient;
  private final Kernel momentsOf;
  private final Kernel forward;
  private final Kernel backward;
  private final Kernel finish;

  PlainInvolutionForm(InvolutionSite site) {
    this.site = site;
    place = site.place();
    size = site.shape().height;
    int capacity = place.capacity();
    momentImages = Math.max(PART / (size * size), parts(capacity, MOST_PARTS));
    moments = site.doubles((long) MOMENTS * momentParts());
    norm = site.doubles(NORM);
    winners = size == SMALLEST ? 0 : site.floats((long) capacity * site.places() / 4);
    sums = site.floats((long) SUMS * blocks());
    normGradient = inputGradient() ? site.floats((long) capacity * site.places()) : 0;
    momentsOf = kernel("moments_" + size);
    forward = kernel("forward_" + size);
    backward = kernel("backward_" + size);
    finish = kernel("finish");
  }

  /** Whether there are kernels for a layer. */
  static boolean fits(InvolutionShape shape, LayerPlace place) {
    boolean generator =
        shape.channels == CHANNELS
            && shape.kernelSize == KERNEL_SIZE
            && shape.groups == 1
            && shape.reduced == 1
            && shape.stride == 1
            && shape.relu;
    boolean square = shape.height == shape.width;
    // The smaller sizes' kernels always store the input's gradient: it must have a place.
    boolean hasGradient = place.input().gradient() != 0;
    return generator
        && square
        && switch (shape.height) {
          case LARGEST -> shape.pool && !hasGradient;
          case LARGEST / 2 -> shape.pool && hasGradient;
          case SMALLEST -> !shape.pool && hasGradient;
          default -> false;
        };
  }

  private Kernel kernel(String name) {
    return place.device().kernel("involution_plain", "involution_plain_" + name);
  }

  private boolean inputGradient() {
    return place.input().gradient() != 0;
  }

  private int momentParts() {
    return parts(place.capacity(), momentImages);
  }

  /** Images of a block. */
  private int images() {
    return size == SMALLEST ? 4 : 1;
  }

  private int blocks() {
    return parts(place.capacity(), images());
  }

  private Grid grid() {
    return new Grid(blocks(), images() * site.places() / 4);
  }

  @Override
  public void forward(boolean training) {
    if (training) {
      site.launch(
          momentsOf,
          new Grid(momentParts(), MOMENT_THREADS),
          place.input().values(),
          place.step(),
          moments,
          momentImages,
          place.capacity());
    }
    site.launch(
        forward,
        grid(),
        place.input().values(),
        place.parameters(),
        place.step(),
        moments,
        momentParts(),
        site.output().values(),
        winners,
        norm,
        training ? 1 : 0,
        place.capacity());
  }

  @Override
  public void backward() {
    site.launch(
        backward,
        grid(),
        place.input().values(),
        place.parameters(),
        place.step(),
        norm,
        site.output().values(),
        winners,
        site.output().gradient(),
        sums,
        normGradient,
        place.input().gradient(),
        place.capacity());
    int fours = inputGradient() ? place.capacity() * site.places() / 4 : 0;
    site.launch(
        finish,
        new Grid(1 + parts(fours, FINISH_THREADS), FINISH_THREADS),
        place.input().values(),
        place.parameters(),
        place.step(),
        norm,
        sums,
        blocks(),
        normGradient,
        place.gradients(),
        place.input().gradient(),
        site.places(),
        place.capacity());
  }
}
