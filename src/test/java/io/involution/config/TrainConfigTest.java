package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.TrainConfig.NamedText;
import io.involution.config.training.AveragingOptions;
import io.involution.config.training.AveragingPeriod;
import io.involution.config.training.ExchangeChoice;
import io.involution.config.training.LearningRateOptions;
import io.involution.config.training.LearningRateOptions.Decay;
import io.involution.config.training.LearningRateOptions.Scaling;
import io.involution.config.training.OuterStepChoice;
import io.involution.config.training.UpdaterStateChoice;
import io.involution.config.value.Augmentation;
import io.involution.config.value.CheckpointCadence;
import io.involution.config.value.EpochCount;
import io.involution.config.value.WeightAverage;
import io.involution.failure.InputException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainConfigTest {
  private static TrainOptions file(String text) {
    return TrainConfig.load(Map.of(), Optional.of(new NamedText("my.conf", text)));
  }

  private static void assertRefused(String text, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> file(text))
        .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
  }

  /** Every option's value, by name. */
  private static Map<String, Object> values(TrainOptions options) {
    Map<String, Object> values = new HashMap<>();
    TrainConfig.OPTIONS.forEach(option -> values.put(option.name(), option.value(options)));
    return values;
  }

  @Test
  void everyDefaultIsTheDocumentedOne() {
    TrainOptions defaults = TrainConfig.defaults();

    assertThat(defaults.averaging()).isEqualTo(AveragingOptions.every(16));
    assertThat(defaults.learningRate()).isEqualTo(LearningRateOptions.constant(0.001));
    assertThat(defaults.involution()).isEqualTo(InvolutionOptions.REFERENCE);
    assertThat(defaults.output()).isEqualTo(new OutputOptions(Optional.empty(), false, false));
    assertThat(defaults.report()).isEqualTo(new ReportOptions(false, Optional.empty(), List.of()));
    assertThat(values(defaults))
        .containsEntry("data", "auto")
        .containsEntry("validation", 0)
        .containsEntry("train-limit", Optional.empty())
        .containsEntry("test-limit", Optional.empty())
        .containsEntry("augment", Augmentation.NONE)
        .containsEntry("model", ModelChoice.BOTH)
        .containsEntry("init", Optional.empty())
        .containsEntry("epochs", EpochCount.of(20))
        .containsEntry("batch-size", 256)
        .containsEntry("batch-size-per-worker", Optional.empty())
        .containsEntry("weight-decay", 0.0)
        .containsEntry("seed", 42L)
        .containsEntry("trainer", TrainerChoice.AVERAGING)
        .containsEntry("workers", Optional.empty())
        .containsEntry("device", DeviceChoice.AUTO)
        .containsEntry("gpu-engine", GpuEngineChoice.OWN)
        .containsEntry("precision", Precision.FLOAT32)
        .containsEntry("wait-for-slots", 120)
        .containsEntry("checkpoint-every", CheckpointCadence.parse("1epoch"))
        .containsEntry("time-limit", Optional.empty());
  }

  @Test
  void fileOverridesEveryDefault() {
    TrainOptions options =
        file(
            """
            train {
              model = convolution, data = "hdfs://a/b", out = out, epochs = 3, validation = 4
              batch-size = 5, batch-size-per-worker = 6, workers = 7, averaging-period = 9
              device = cpu, gpu-engine = nd4j, trainer = dl4j-spark, init = m.zip, learning-rate = 0.5, seed = -1
              learning-rate-scaling = linear, warmup-epochs = 1.5, learning-rate-decay = cosine
              weight-decay = 0.25
              train-limit = 10, test-limit = 11, resume = false, overwrite = true
              wait-for-slots = 12, kernel-size = 5, groups = 3, reduction-ratio = 1, stride = 2
              checkpoint-every = 3epochs, images = "17, 3,17", tensorboard = true
              mlflow = "https://me:pw@host:5000"
            }
            """);

    assertThat(options.averaging()).isEqualTo(AveragingOptions.every(9).plainUnlessAsked());
    assertThat(options.learningRate())
        .isEqualTo(
            new LearningRateOptions(
                Optional.of(0.5),
                Scaling.LINEAR,
                1.5,
                Decay.COSINE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThat(options.involution()).isEqualTo(new InvolutionOptions(5, 3, 1, 2));
    assertThat(options.output()).isEqualTo(new OutputOptions(Optional.of("out"), false, true));
    assertThat(options.report())
        .isEqualTo(new ReportOptions(true, Optional.of("https://me:pw@host:5000"), List.of(3, 17)));
    assertThat(values(options))
        .containsEntry("data", "hdfs://a/b")
        .containsEntry("validation", 4)
        .containsEntry("train-limit", Optional.of(10))
        .containsEntry("test-limit", Optional.of(11))
        .containsEntry("model", ModelChoice.parse("convolution"))
        .containsEntry("init", Optional.of("m.zip"))
        .containsEntry("epochs", EpochCount.of(3))
        .containsEntry("batch-size", 5)
        .containsEntry("batch-size-per-worker", Optional.of(6))
        .containsEntry("weight-decay", 0.25)
        .containsEntry("seed", -1L)
        .containsEntry("trainer", TrainerChoice.DL4J_SPARK)
        .containsEntry("workers", Optional.of(7))
        .containsEntry("device", DeviceChoice.CPU)
        .containsEntry("gpu-engine", GpuEngineChoice.ND4J)
        .containsEntry("wait-for-slots", 12)
        .containsEntry("checkpoint-every", CheckpointCadence.parse("3epochs"));
  }

  @Test
  void averagingIsReadAsAWhole() {
    TrainOptions options =
        file(
            """
            train {
              averaging-period = "1,16@6", outer-step = nesterov, outer-learning-rate = 0.5
              outer-momentum = 0.25, updater-state = reset, exchange = shuffle, augment = true
              weight-average = "ema:0.995"
            }
            """);

    assertThat(options.averaging())
        .isEqualTo(
            new AveragingOptions(
                AveragingPeriod.parse("1,16@6"),
                OuterStepChoice.NESTEROV,
                Optional.of(0.5),
                Optional.of(0.25),
                UpdaterStateChoice.RESET,
                ExchangeChoice.SHUFFLE,
                new WeightAverage(WeightAverage.Kind.EMA, 0.995)));
    assertThat(options.augment()).isEqualTo(Augmentation.USUAL);
  }

  @ParameterizedTest
  @CsvSource({
    "'outer-step = nesterov, outer-momentum = 1', --outer-momentum is 1.0",
    "'outer-step = nesterov, outer-momentum = -0.1', --outer-momentum is -0.1",
    "'outer-step = momentum, outer-learning-rate = 0', --outer-learning-rate is 0.0",
    "'outer-momentum = 0.5', --outer-step auto",
    "'outer-step = average, outer-learning-rate = 0.5', --outer-step average",
    "'updater-state = local, exchange = shuffle', --exchange collect",
    "'warmup-epochs = -1', --warmup-epochs is -1.0",
    "'epochs = 2, warmup-epochs = 3', --warmup-epochs is 3.0",
    "'weight-decay = -1', --weight-decay is -1.0",
    "'weight-decay = 2', --weight-decay is 2.0",
    "'learning-rate = 0', --learning-rate is 0.0",
    "'trainer = dl4j-spark, outer-step = momentum', --trainer dl4j-spark",
    "'trainer = dl4j-spark, updater-state = reset', --trainer dl4j-spark",
    "'trainer = dl4j-spark, augment = true', --trainer dl4j-spark",
    "'trainer = dl4j-spark, averaging-period = \"1,2@3\"', --trainer dl4j-spark"
  })
  void optionsThatCannotBeAreRefused(String options, String named) {
    assertRefused("train { " + options + " }", named);
  }

  @Test
  void anAverageAnEpochIsAWord() {
    assertThat(file("train.averaging-period = epoch").averaging().period())
        .isEqualTo(AveragingPeriod.oncePerEpoch());
    assertRefused("train.averaging-period = never", "--averaging-period is 'never'", "epoch");
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "45m, 2700", "8h, 28800", "1209600s, 1209600", "999999h, 3599996400"})
  void timeLimitHasAUnit(String text, long seconds) {
    assertThat(file("train.time-limit = " + text).timeLimit())
        .contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"90", "0s", "-1h", "1.5h", "2 days", "soon", "1000000h", "99999999999s"})
  void timeLimitThatIsNoTimeIsRefused(String text) {
    assertRefused("train.time-limit = \"" + text + "\"", "--time-limit is '" + text, "90s, 45m");
  }

  @Test
  void timeLimitNeedsATrainerThatCanGoOn() {
    assertRefused("train { time-limit = 1h, trainer = dl4j-spark }", "--time-limit", "dl4j-spark");
  }

  @ParameterizedTest
  @CsvSource({
    "kernel-size, 0, 1 to 31",
    "kernel-size, 32, 1 to 31",
    "groups, 2, 1 or 3",
    "reduction-ratio, 0, 1 or more",
    "stride, 0, 1 to 3",
    "stride, 4, 1 to 3"
  })
  void involutionThatCannotBeIsRefused(String key, String value, String fix) {
    assertRefused("train." + key + " = " + value, "--" + key + " is " + value, fix);
  }

  @Test
  void reportOptionsAreChecked() {
    assertRefused("train.images = \"3,x\"", "--images has 'x'");
    assertRefused("train.images = \"-1\"", "--images has '-1'");
    assertRefused("train.mlflow = \"ftp://me:word@host\"", "--mlflow", "http");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> file("train.mlflow = \"http://me:word@ host\""))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("word"));
    assertRefused("train.mlflow = \"https://my_host\"", "--mlflow", "underscore");
    file("train.mlflow = \"http://me:word@my_host:5000/base\"");
  }

  @Test
  void commandLineOverridesTheFile() {
    TrainOptions options =
        TrainConfig.load(
            Map.of("epochs", 2, "data", "synthetic", "overwrite", true, "out", "${not/a/variable}"),
            Optional.of(
                new NamedText("my.conf", "train { epochs = 3, seed = 7, data = auto, out = x }")));

    assertThat(options.epochs()).isEqualTo(EpochCount.of(2));
    assertThat(options.data()).isEqualTo("synthetic");
    assertThat(options.seed()).isEqualTo(7);
    assertThat(options.output())
        .isEqualTo(new OutputOptions(Optional.of("${not/a/variable}"), false, true));
    assertThat(options.checkpointEvery()).isEqualTo(CheckpointCadence.parse("1epoch"));
  }

  @Test
  void fileMayReferToItsOwnKeys() {
    assertThat(file("train { epochs = 5, validation = ${train.epochs} }").validation())
        .isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.bogus = 1",
        "train { bogus { deeper = 1 } }",
        "train.bogus = null",
        "train.bogus {}",
        "bogus.epochs = 1",
        "bogus = 1",
        "train.\"bogus key\" = 1"
      })
  void unknownKeyIsRefused(String text) {
    assertRefused(text, "--config my.conf", "unknown key", "bogus", "see conf/train.conf");
  }

  @ParameterizedTest
  @CsvSource({
    "batch-size, many",
    "batch-size, 2.5",
    "batch-size, 99999999999",
    "batch-size, null",
    "batch-size, [1]",
    "batch-size, {deeper = 1}",
    "seed, 1.5",
    "seed, x",
    "batch-size, {}",
    "learning-rate, fast",
    "resume, perhaps",
    "overwrite, 1",
    "out, []",
    "model, {}"
  })
  void wrongTypeIsRefused(String key, String value) {
    assertRefused("train." + key + " = " + value, key, "conf/train.conf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train {", "train = {]", "train.epochs = ${nowhere}", "a = b = c }"})
  void brokenFileIsRefused(String text) {
    assertRefused(text, "--config my.conf is not valid HOCON", "correct the file");
  }

  @Test
  void sectionThatIsNoSectionIsRefused() {
    assertRefused("train = 5", "train", "conf/train.conf");
  }

  @ParameterizedTest
  @CsvSource({
    "epochs, 0, 1",
    "epochs, -1, 1",
    "validation, -1, 0",
    "batch-size, 0, 1",
    "batch-size-per-worker, -1, 1",
    "workers, -1, 1",
    "wait-for-slots, -1, 0",
    "train-limit, -1, 1",
    "test-limit, -1, 1",
  })
  void numberOutOfBoundsIsRefused(String key, String value, String least) {
    assertRefused(
        "train." + key + " = " + value, "--" + key + " is " + value, "use " + least + " or more");
  }

  @ParameterizedTest
  @CsvSource({
    "model, 'resnet, rednet, both'",
    "device, 'auto, cpu, gpu'",
    "gpu-engine, 'own, nd4j'",
    "outer-step, 'average, momentum, nesterov'",
    "updater-state, 'averaged, local, reset'",
    "exchange, 'auto, collect, shuffle'",
    "learning-rate-scaling, 'none, linear'",
    "learning-rate-decay, 'constant, cosine, linear, triangular'"
  })
  void wordThatIsNoneIsRefused(String key, String words) {
    assertRefused("train." + key + " = magic", "--" + key + " is 'magic'", words);
  }

  @Test
  void trainerThatIsNoneIsRefused() {
    assertRefused("train.trainer = dl4j_spark", "--trainer is 'dl4j_spark'", "dl4j-spark");
  }
}
