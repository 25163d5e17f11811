package io.involution.config;

import static io.involution.config.option.Option.Effect.FACT;

import io.involution.config.option.Choice;
import io.involution.config.option.Option;
import io.involution.config.option.Recorded;
import io.involution.failure.InputException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How examples are read that are not CIFAR-10's files. */
public record ExampleOptions(
    @Option(
            heading = "Data of other kinds",
            defaultValue = "auto",
            label = "FORMAT",
            effect = FACT,
            help =
                "cifar10, cifar100, folder, or a table's format that Spark reads: parquet, orc,"
                    + " delta, iceberg.",
            details =
                "auto looks at the names in the folder. folder: images in a folder for each class."
                    + " See the page on data.")
        String dataFormat,
    @Option(
            defaultValue = "fine",
            effect = FACT,
            help = "CIFAR-100's 100 classes, or its 20 groups of classes.")
        Labels labels,
    @Option(
            defaultValue = "",
            byDefault = "test in the data's folder",
            label = "URI",
            effect = FACT,
            help = "Folder or table of the test examples.")
        Optional<String> testData,
    @Option(
            defaultValue = "0",
            least = 0,
            below = 1,
            effect = FACT,
            help = "Take this share of a folder's or table's examples as test examples.",
            details =
                "An image's path, or in a table its content, and --split-seed decide where it"
                    + " belongs: examples added later move no other.")
        double testFraction,
    @Option(defaultValue = "42", effect = FACT, help = "Seed of --test-fraction.") long splitSeed,
    @Option(
            defaultValue = "",
            byDefault = "the size that all images have",
            label = "N|HxW",
            effect = FACT,
            help = "Scale images to N x N pixels, or H rows of W, after cropping to the center.")
        Optional<ImageSize> imageSize,
    @Option(
            defaultValue = "0",
            byDefault = "3, or what raw images have",
            least = 1,
            most = 4,
            effect = FACT,
            help = "1: gray, 2: gray and alpha, 3: red, green and blue, 4: these and alpha.")
        Optional<Integer> imageChannels,
    @Option(
            defaultValue = "image",
            label = "COLUMN",
            effect = FACT,
            help = "A table's column of image files (PNG, JPEG, ...) or raw images, as binary.")
        String imageColumn,
    @Option(
            defaultValue = "",
            byDefault = "images are files",
            label = "HEIGHT,WIDTH",
            effect = FACT,
            help = "A table's two columns with the rows and columns of raw images.",
            details = "A raw image has a byte for each channel of each pixel, row by row.")
        Optional<String> sizeColumns,
    @Option(
            defaultValue = "label",
            label = "COLUMN",
            effect = FACT,
            help = "A table's column of labels: names, or numbers from 0.")
        String labelColumn,
    @Option(
            defaultValue = "",
            byDefault = "a hash of the content",
            label = "COLUMN",
            effect = FACT,
            help = "A table's column that orders the examples: numbers or texts.")
        Optional<String> orderBy,
    @Option(
            defaultValue = "fail",
            effect = FACT,
            help = "What to do if images cannot be read: fail, or go on without them.")
        Unreadable unreadable) {

  /** Checks which options exclude each other. */
  public ExampleOptions {
    if (testData.isPresent() && testFraction > 0) {
      throw new InputException("--test-data and --test-fraction exclude each other: leave one out");
    }
    sizeColumns.ifPresent(
        names -> {
          if (names.split(",", -1).length != 2) {
            throw new InputException(
                "--size-columns is '"
                    + names
                    + "': name the column of the height and that of the width, such as"
                    + " height,width");
          }
        });
  }

  /** Which of CIFAR-100's labels are learned. */
  public enum Labels implements Choice {
    /** The 100 classes. */
    FINE,
    /** The 20 groups of five classes. */
    COARSE
  }

  /** What happens with images that cannot be read. */
  public enum Unreadable implements Choice {
    /** The run does not start. */
    FAIL,
    /** It goes on without them. */
    SKIP
  }

  /**
   * The size to which images are scaled.
   *
   * @param height rows, 1 to 256
   * @param width columns, 1 to 256
   */
  public record ImageSize(int height, int width) implements Recorded {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,3})(x(\\d{1,3}))?");
    private static final int MOST = 256;

    /**
     * Parses a text such as {@code 64}, for a square, or {@code 48x64}, rows first.
     *
     * @throws InputException when it is none of these
     */
    public static ImageSize parse(String text) {
      Matcher matcher = TEXT.matcher(text);
      if (matcher.matches()) {
        int height = Integer.parseInt(matcher.group(1));
        int width = matcher.group(3) == null ? height : Integer.parseInt(matcher.group(3));
        if (Math.min(height, width) >= 1 && Math.max(height, width) <= MOST) {
          return new ImageSize(height, width);
        }
      }
      throw new InputException(
          "--image-size is '"
              + text
              + "': use a number of pixels from 1 to 256 such as 64, or rows x columns such as"
              + " 48x64");
    }

    @Override
    public Object recorded() {
      return word();
    }

    /** The text that the option takes. */
    public String word() {
      return height == width
          ? String.valueOf(height)
          : String.format(Locale.ROOT, "%dx%d", height, width);
    }
  }
}
