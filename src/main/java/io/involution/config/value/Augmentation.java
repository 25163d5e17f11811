package io.involution.config.value;

import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How training images are changed at random, anew in every epoch. An image is flipped first, then
 * shifted, and the square is cut out last.
 *
 * @param flip whether images are flipped horizontally
 * @param shift the most pixels by which an image is shifted along rows and columns; 0 for none
 * @param border what a shifted image shows beyond its border
 * @param cutout rows and columns of a square that is cut out: its pixels are 0 in the network's
 *     input, which is the mean with {@code --normalize train} and black without (DeVries and Taylor
 *     2017, "Improved Regularization of Convolutional Neural Networks with Cutout"); 0 for none
 */
public record Augmentation(Flip flip, int shift, Border border, int cutout)
    implements Recorded, Serializable {
  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(Flip.NONE, 0, Border.BLACK, 0);

  /**
   * The usual one of CIFAR-10 (He et al., CVPR 2016, section 4.2: 4 pixels of padding, a random
   * crop, a random flip): what the option means without a list.
   */
  public static final Augmentation USUAL = new Augmentation(Flip.RANDOM, 4, Border.BLACK, 0);

  private static final int MOST = 255;
  private static final Pattern PART =
      Pattern.compile("(flip|alternate-flip)|(shift|reflect-shift|cutout):([1-9]\\d{0,2})");

  /** Whether images are flipped. */
  public enum Flip {
    /** They are not. */
    NONE,
    /** Each with probability 1/2 in every epoch. */
    RANDOM,
    /**
     * Each in every other epoch, half of them in the first one (Jordan 2024, "94% on CIFAR-10 in
     * 3.29 Seconds on a Single GPU", section 3.6).
     */
    ALTERNATE
  }

  /** What a shifted image shows beyond its border. */
  public enum Border {
    /** Black pixels. */
    BLACK,
    /** The image, reflected at the middle of its outermost pixels. */
    REFLECTED
  }

  /** Checks the bounds. */
  public Augmentation {
    if (Math.min(shift, cutout) < 0 || Math.max(shift, cutout) > MOST) {
      throw new IllegalArgumentException("shift " + shift + ", cutout " + cutout);
    }
    if (shift == 0 && border != Border.BLACK) {
      throw new IllegalArgumentException("a border of images that are not shifted");
    }
  }

  /**
   * Parses {@code true} (the usual one), {@code false}, or a list such as {@code
   * alternate-flip,shift:2,cutout:8}.
   *
   * @throws InputException when it is none of these
   */
  public static Augmentation parse(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true") ? USUAL : NONE;
    }
    Augmentation result = NONE;
    for (String part : text.split(",", -1)) {
      result = result.with(part.strip(), text);
    }
    return result;
  }

  private Augmentation with(String part, String text) {
    Matcher matcher = PART.matcher(part);
    if (!matcher.matches()) {
      throw refused(text, "");
    }
    if (matcher.group(1) != null) {
      requireFirst(flip == Flip.NONE, part, text);
      Flip other = part.equals("flip") ? Flip.RANDOM : Flip.ALTERNATE;
      return new Augmentation(other, shift, border, cutout);
    }
    int pixels = Integer.parseInt(matcher.group(3));
    if (pixels > MOST) {
      throw refused(text, ": " + MOST + " pixels are the most");
    }
    if (matcher.group(2).equals("cutout")) {
      requireFirst(cutout == 0, part, text);
      return new Augmentation(flip, shift, border, pixels);
    }
    requireFirst(shift == 0, part, text);
    Border shown = matcher.group(2).equals("shift") ? Border.BLACK : Border.REFLECTED;
    return new Augmentation(flip, pixels, shown, cutout);
  }

  private static void requireFirst(boolean first, String part, String text) {
    if (!first) {
      throw refused(text, ": " + part + " comes on top of another of its kind");
    }
  }

  private static InputException refused(String text, String why) {
    return new InputException(
        String.format(
            Locale.ROOT,
            "--augment is '%s'%s: use no value, or a list of flip or alternate-flip, shift:N or"
                + " reflect-shift:N, and cutout:N, such as alternate-flip,shift:2",
            text,
            why));
  }

  /**
   * Makes sure that images are large enough.
   *
   * @param height their rows
   * @param width their columns
   * @throws InputException if nothing would be left of them
   */
  public void requireFor(int height, int width) {
    int least = Math.min(height, width);
    if (shift >= least || cutout >= least) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "--augment %s leaves nothing of images of %d x %d pixels: lower the number",
              word(),
              height,
              width));
    }
  }

  /** The text that the option takes. */
  public String word() {
    if (equals(NONE) || equals(USUAL)) {
      return String.valueOf(equals(USUAL));
    }
    List<String> parts = new ArrayList<>();
    if (flip != Flip.NONE) {
      parts.add(flip == Flip.RANDOM ? "flip" : "alternate-flip");
    }
    if (shift > 0) {
      parts.add((border == Border.BLACK ? "shift:" : "reflect-shift:") + shift);
    }
    if (cutout > 0) {
      parts.add("cutout:" + cutout);
    }
    return String.join(",", parts);
  }

  /** A boolean for none and the usual one, otherwise the list. */
  @Override
  public Object recorded() {
    return equals(NONE) || equals(USUAL) ? (Object) equals(USUAL) : word();
  }
}
