package io.involution.train.time;

import io.involution.config.value.Augmentation;
import io.involution.config.value.Augmentation.Border;
import io.involution.config.value.Augmentation.Flip;
import io.involution.data.ImageShape;
import io.involution.data.ImageView;
import io.involution.data.ImageView.Square;
import java.util.SplittableRandom;

/**
 * Draws the views of a worker's examples in an epoch, as a pure function of these numbers and an
 * example's index in the shard.
 *
 * @param augmentation how images are changed
 * @param seed the run's seed
 * @param epoch from 1
 * @param worker the worker
 */
public record Views(Augmentation augmentation, long seed, int epoch, int worker) {
  /** Distinguishes the random numbers of flips and shifts from those of orders. */
  private static final long VIEWS = 1;

  /** Distinguishes those that say which examples are flipped first. */
  private static final long FLIPPED_FIRST = 3;

  /** Distinguishes those of the squares that are cut out. */
  private static final long SQUARES = 4;

  /**
   * The code of each example's {@link ImageView}.
   *
   * @param size examples of the shard
   * @param image their shape
   * @return by index in the shard; empty without augmentation
   */
  public long[] of(int size, ImageShape image) {
    if (augmentation.equals(Augmentation.NONE)) {
      return new long[0];
    }
    SplittableRandom random = Seeds.at(seed, epoch, worker, VIEWS);
    // Of no epoch.
    SplittableRandom first = Seeds.at(seed, 0, worker, FLIPPED_FIRST);
    SplittableRandom squares = Seeds.at(seed, epoch, worker, SQUARES);
    long[] codes = new long[size];
    for (int i = 0; i < size; i++) {
      codes[i] = view(random, first, square(squares, image)).code();
    }
    return codes;
  }

  /** One number for flip and shift, as for the views that were the only ones at first. */
  private ImageView view(SplittableRandom random, SplittableRandom first, Square square) {
    boolean drawn = augmentation.flip() == Flip.RANDOM;
    int shift = augmentation.shift();
    int shifts = 2 * shift + 1;
    int most = (drawn ? 2 : 1) * shifts * shifts;
    int number = most > 1 ? random.nextInt(most) : 0;
    int place = drawn ? number / 2 : number;
    boolean flip =
        augmentation.flip() == Flip.ALTERNATE
            ? first.nextInt(2) == epoch % 2
            : drawn && number % 2 == 1;
    return new ImageView(
        flip,
        place / shifts - shift,
        place % shifts - shift,
        augmentation.border() == Border.REFLECTED,
        square);
  }

  /** Anywhere within the image. */
  private Square square(SplittableRandom squares, ImageShape image) {
    int size = augmentation.cutout();
    return size == 0
        ? Square.NONE
        : new Square(
            squares.nextInt(image.height() - size + 1),
            squares.nextInt(image.width() - size + 1),
            size);
  }
}
