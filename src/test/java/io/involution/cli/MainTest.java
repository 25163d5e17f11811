package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.site.LeNet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as far as it goes without a cluster. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class MainTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  @TempDir private Path temporary;

  @BeforeEach
  void catchOutput() {
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void giveOutputBack() {
    System.setOut(out);
    System.setErr(err);
  }

  private String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }

  private void assertRefused(String[] arguments, String... parts) {
    assertThat(Main.run(arguments)).isEqualTo(2);
    // Spark, where it is asked for the file systems' settings, may log first.
    assertThat(err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains(parts);
    assertThat(err()).doesNotContain("\tat ");
    assertThat(out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train", "evaluate", "experiment status", "plan"})
  void everyCommandSaysItsVersion(String command) {
    assertThat(Main.run((command + " --version").strip().split(" ", -1))).isZero();
    assertThat(out()).startsWith("involution-spark ").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "trian, 'trian', did you mean train?",
    "--bogus, '--bogus', involution-spark.jar --help",
    "train --epoch 3, unknown option '--epoch', did you mean --epochs?",
    "train --lerning-rate=0.1, '--lerning-rate', did you mean --learning-rate?",
    "experiment --ste x=1, '--ste', did you mean --set?",
    "train --bogus, '--bogus', involution-spark.jar train --help",
    "train stray, 'stray', involution-spark.jar train --help",
    "train --epochs many, --epochs, 'many'",
    "train --epochs 2.5678, --epochs is 2.5678, up to three decimals",
    "train --augment train, --augment is 'train', alternate-flip",
    "train --weight-average ema, --weight-average is 'ema', ema:0.99",
    "train --evaluate-every first, --evaluate-every is 'first', last",
    "train --test-time shift, --test-time is 'shift', flip-shift",
    "train --trainer dl4j-spark --epochs 9.9, --epochs 9.9, use a whole number",
    "train --epochs 99999999999, --epochs, '99999999999'",
    "train --learning-rate fast, --learning-rate, 'fast'",
    "train --config resnet --momentum slow, --momentum, 'slow' is neither a number nor auto",
    "'summary --model deep-involution --image-shape 3,8,8', images of 8x8, --image-size",
    "train --seed x, --seed, 'x'",
    "train --epochs, --epochs, involution-spark.jar train --help",
    "train --epochs 1 --epochs 2, --epochs, once",
    "train --epochs 0, --epochs is 0, 1 or more",
    "train --model all, --model is 'all', both",
    "train --device tpu, --device is 'tpu', gpu",
    "train --trainer other, --trainer is 'other', dl4j-spark",
    "train --learning-rate 20, --learning-rate is 20.0, up to 10",
    "train --resume, --resume needs --out, name the folder",
    "train --out x --resume --overwrite, --resume and --overwrite, leave one out",
    "train --init m.zip, --init, name that one with --model",
    "evaluate, MODEL, involution-spark.jar evaluate --help",
    "evaluate m.zip --workers 0, --workers is 0, 1 or more",
    "evaluate m.zip --device tpu, --device is 'tpu', gpu",
    "summary --model all, --model is 'all', both",
    "summary --model @src, --model is '@src', both",
    "summary --epochs 3, '--epochs', involution-spark.jar summary --help",
    "doctor --device tpu, --device is 'tpu', gpu",
    "doctor --resume, --resume needs --out, name the folder"
  })
  void wrongUsageIsOneLineThatNamesTheThingAndTheFix(String line, String thing, String fix) {
    assertRefused(line.split(" ", -1), thing, fix);
  }

  @Test
  void missingConfigFileIsNamed() {
    String file = temporary.resolve("none.conf").toString();
    assertRefused(new String[] {"train", "--config", file}, "--config " + file, "check the path");
  }

  @Test
  void folderIsNoConfigFile() {
    assertRefused(new String[] {"train", "--config", temporary.toString()}, "--config", "a folder");
  }

  @Test
  void unknownConfigKeyIsNamed() throws IOException {
    Path file = Files.writeString(temporary.resolve("my.conf"), "train { epochz = 3 }");
    assertRefused(
        new String[] {"train", "--config", file.toString()}, file.toString(), "train.epochz");
  }

  @Test
  void configFileIsUnderTheCommandLine() throws IOException {
    Path file = Files.writeString(temporary.resolve("my.conf"), "train { epochs = 0, seed = 1 }");
    assertRefused(new String[] {"train", "--config", file.toString()}, "--epochs is 0");
    errBytes.reset();
    assertRefused(
        new String[] {"train", "--config", file.toString(), "--epochs", "-5"}, "--epochs is -5");
  }

  /** Only with a secret could it be told apart from a place that is shown. */
  @Test
  void secretsInPlacesAreNotShown() {
    assertThat(Main.run("train", "--config", "nothing://user:secret@host/x.conf")).isEqualTo(2);
    assertThat(err()).contains("nothing://***@host/x.conf").doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"train --config x\u001b[2J.conf", "train --\u001b]0;x\u0007", "\u001b[1mx"})
  void namesCannotSteerATerminal(String line) {
    assertThat(Main.run(line.split(" ", -1))).isEqualTo(2);

    assertThat(err()).contains("\\u001b").doesNotContain("\u001b").doesNotContain("\u0007");
  }

  @Test
  void withoutACommandTheUsageIsShown() {
    assertThat(Main.run()).isEqualTo(2);
    assertThat(err())
        .contains("Usage: spark-submit involution-spark.jar", "train", "evaluate", "summary");
    assertThat(out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "summary", "doctor", "plan"})
  void everyCommandHasHelp(String command) {
    assertThat(Main.run(command, "--help")).isZero();
    assertThat(out()).contains("Usage: spark-submit involution-spark.jar " + command);
    assertThat(err()).isEmpty();
  }

  @Test
  void summaryHasTheTotalsOfTheReference() {
    assertThat(Main.run("summary", "--model", "convolution")).isZero();

    assertThat(out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains(
            "convolution network",
            "conv1 ConvolutionBlock 32 x 16 x 16 896",
            "dense Dense 64 262,208",
            "total 957,534 3,740.4 KiB",
            "trainable 319,178 1,246.8 KiB",
            "non-trainable 0 0.0 KiB",
            "optimizer 638,356 2,493.6 KiB");
    assertThat(out()).doesNotContain("involution network");
  }

  @Test
  void summaryTakesOtherImagesAndUsersNetworks() {
    String network = "class:" + LeNet.class.getName();
    assertThat(
            Main.run("summary", "--model", network, "--image-shape", "1,28,28", "--classes", "5"))
        .isZero();

    assertThat(out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains("lenet network", "conv ConvolutionLayer 20 x 24 x 24 520")
        .contains("output OutputLayer 5 14,405");
  }

  @Test
  void summaryHasTheWideNetworkWhereItIsAskedFor() {
    assertThat(Main.run("summary", "--model", "involution-wide")).isZero();

    assertThat(out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains("involution-wide network", "involution3 Involution 128 x 4 x 4 10,856")
        .anyMatch(line -> line.startsWith("trainable 159,690 "))
        .anyMatch(line -> line.startsWith("non-trainable 112 "));
  }

  @Test
  void summaryShowsBothNetworksUnasked() {
    assertThat(Main.run("summary")).isZero();

    assertThat(out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains("convolution network", "involution network")
        .anyMatch(line -> line.startsWith("trainable 13,074 "))
        .anyMatch(line -> line.startsWith("non-trainable 6 "));
  }
}
