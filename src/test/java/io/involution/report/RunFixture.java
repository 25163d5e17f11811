package io.involution.report;

import io.involution.config.ModelChoice;
import io.involution.data.ImageShape;
import io.involution.evaluate.ConfusionCounts;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.artifact.KernelMap;
import io.involution.evaluate.artifact.Mistake;
import io.involution.evaluate.artifact.Picture;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.metrics.ArtifactFolder;
import io.involution.metrics.EpochRow;
import io.involution.metrics.MetricsFolder;
import io.involution.metrics.MetricsJournal;
import io.involution.metrics.ModelResult;
import io.involution.metrics.ModelResult.ParameterCounts;
import io.involution.metrics.RunRecord;
import io.involution.model.state.ModelState;
import io.involution.model.summary.NetworkSummary;
import io.involution.model.summary.NetworkSummary.LayerRow;
import io.involution.run.Identities;
import io.involution.run.RunFolder;
import io.involution.run.RunFolder.Mode;
import io.involution.train.EpochOutcome;
import io.involution.train.Place;
import io.involution.train.RoundOutcome;
import io.involution.train.RoundSeconds;
import io.involution.train.WorkerReport;
import io.involution.train.WorkerSeconds;
import io.involution.train.time.Ending;
import io.involution.train.time.EpochPlan;
import io.involution.train.time.Round;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes the folder of a run that never was, with the job's own writers: both networks, an executor
 * lost and a resume on the way.
 */
final class RunFixture {
  static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private static final int TEST_PER_CLASS = 200;
  private static final int MISTAKES = 12;
  private static final int LOST_IN_EPOCH = 9;
  private static final int RESUMED_AT_EPOCH = 14;

  private static final ModelState STATE =
      new ModelState(
          0, Map.of(ModelState.PARAMETERS, new float[1], ModelState.UPDATER, new float[1]));

  private final long seed;
  private final Random random;
  private final Map<String, Object> options = new LinkedHashMap<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private Map<String, Object> data =
      Map.of("dataset", "cifar10-unverified", "sha256", "ab".repeat(32));
  private List<String> models = List.of("convolution", "involution");
  private List<String> classes = CLASSES;
  private int epochs = 20;
  private int workers = 4;
  private int images = 10;
  private int taps = 9;
  private int groups = 1;
  private boolean testedLast;
  private RunFolder run;

  RunFixture(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    options.put("model", "both");
    options.put("data", "auto");
    options.put("epochs", epochs);
    options.put("batch_size", 256);
    options.put("averaging_period", 8);
    options.put("device", "auto");
    options.put("trainer", "averaging");
    options.put("learning_rate", 0.001);
    options.put("seed", seed);
  }

  RunFixture classes(List<String> names) {
    classes = names;
    return this;
  }

  RunFixture models(String... names) {
    models = List.of(names);
    options.put("model", String.join(",", names));
    return this;
  }

  RunFixture data(String location, String sha256) {
    data = Map.of("dataset", "cifar10-unverified", "location", location, "sha256", sha256);
    return this;
  }

  RunFixture option(String name, Object value) {
    options.put(name, value);
    return this;
  }

  RunFixture fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  RunFixture epochs(int number) {
    epochs = number;
    options.put("epochs", number);
    return this;
  }

  RunFixture testedLast() {
    testedLast = true;
    options.put("evaluate_every", "last");
    return this;
  }

  RunFixture workers(int number) {
    workers = number;
    return this;
  }

  /** How many images have kernels, and of which size. */
  RunFixture kernels(int numberOfImages, int tapsOfEach, int groupsOfEach) {
    images = numberOfImages;
    taps = tapsOfEach;
    groups = groupsOfEach;
    return this;
  }

  /** Writes the run's folder. */
  void write(Path folder) {
    run = RunFolder.take(folder.toString(), Mode.NEW, new Configuration());
    record().write();
    Map<String, ModelResult> results = new LinkedHashMap<>();
    for (String model : models) {
      results.put(model, train(folder, model));
    }
    new MetricsFolder(run).join(models, epochs, row -> {});
    RunRecord record = record();
    results.forEach(record::result);
    record.done();
  }

  private RunRecord record() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("seed", String.valueOf(seed));
    identity.put("workers", String.valueOf(workers));
    models.stream()
        .filter(model -> !ModelChoice.OURS.contains(model))
        .forEach(model -> identity.put(Identities.NETWORK + model, "ef".repeat(32)));
    identity.putAll(facts);
    return new RunRecord(run, identity)
        .with(
            Map.of(
                "dataset",
                "cifar10-unverified",
                "data",
                data,
                "options",
                options,
                "workers",
                workers,
                "batch_size_per_worker",
                256 / workers,
                "cluster",
                Map.of("master", "local-cluster[4,1,1024]", "spark_version", "3.5.5"),
                "machine",
                Map.of("host", "driver.example", "cores", 8, "java", "17.0.9")));
  }

  private ModelResult train(Path folder, String model) {
    boolean large = model.contains("convolution") || model.equals("resnet");
    EpochPlan plan = new EpochPlan(12_000, workers, 256 / workers, 8);
    MetricsJournal metrics = new MetricsJournal(model, new MetricsFolder(run));
    new ArtifactFolder(run, model, classes).network(network(large));
    for (int epoch = 1; epoch <= epochs; epoch++) {
      if (large && epoch == RESUMED_AT_EPOCH) {
        run = RunFolder.take(folder.toString(), Mode.RESUME, new Configuration());
        metrics = new MetricsJournal(model, new MetricsFolder(run));
      }
      double seconds = rounds(metrics, plan, epoch, large);
      EpochOutcome outcome = outcome(epoch, large, seconds);
      metrics.epochEnded(outcome);
      new ArtifactFolder(run, model, classes).epochEnded(outcome);
    }
    ArtifactFolder artifacts = new ArtifactFolder(run, model, classes);
    artifacts.samples(pictures(25));
    artifacts.predictions(pictures(images), predictions(large)::get);
    List<EpochRow> rows = new MetricsFolder(run).epochs(model, epochs);
    ParameterCounts counts =
        large ? new ParameterCounts(319_178, 0) : new ParameterCounts(13_074, 6);
    return ModelResult.of(rows, Ending.Reason.EPOCHS, counts, "cd".repeat(32));
  }

  private double rounds(MetricsJournal metrics, EpochPlan plan, int epoch, boolean large) {
    double total = 0;
    for (Round round : plan.rounds(epoch)) {
      boolean lost = large && epoch == LOST_IN_EPOCH && round.index() == 3;
      List<WorkerReport> reports = new ArrayList<>();
      double slowest = 0;
      for (int worker = 0; worker < workers; worker++) {
        double steps = (large ? 1.9 : 0.33) * (1 + 0.1 * random.nextDouble() + 0.05 * worker);
        WorkerSeconds seconds = new WorkerSeconds(0.004, 0.003, steps, 0.002);
        slowest = Math.max(slowest, seconds.total());
        boolean moved =
            large
                && worker == 2
                && epoch >= LOST_IN_EPOCH
                && (epoch > LOST_IN_EPOCH || round.index() >= 3);
        String executor = String.valueOf(moved ? 7 : worker);
        Place place = new Place("host-" + worker, executor, "cpu", lost && worker == 2 ? 1 : 0);
        int examples = round.examples(plan.examples() / workers);
        reports.add(
            new WorkerReport(worker, examples, examples * 1.2, examples / 2, seconds, place));
      }
      RoundSeconds seconds =
          new RoundSeconds(
              0.012, slowest + 0.031 + (lost ? 6 : 0), 0.006 + 0.002 * random.nextDouble());
      total += seconds.total();
      long bytes = large ? 3_830_000 : 157_000;
      metrics.roundEnded(round, new RoundOutcome(reports, seconds, bytes, bytes * workers));
    }
    return total;
  }

  private EpochOutcome outcome(int epoch, boolean large, double roundSeconds) {
    double progress = 1 - Math.exp(-epoch / (large ? 5.0 : 7.0));
    double accuracy =
        (large ? 0.35 + 0.38 * progress : 0.2 + 0.27 * progress) + 0.01 * random.nextDouble();
    double train = large ? 0.3 + 0.58 * progress : accuracy + 0.004;
    int size = classes.size();
    long[][] confusion = new long[size][size];
    for (int label = 0; label < size; label++) {
      for (int i = 0; i < TEST_PER_CLASS; i++) {
        boolean right = i < TEST_PER_CLASS * (accuracy + 0.012 * (label - 4.5));
        confusion[label][right ? label : random.nextInt(size)]++;
      }
    }
    double loss =
        (large ? 1.75 - 0.9 * progress + 0.004 * epoch : 2.1 - 0.62 * progress)
            + 0.02 * random.nextDouble();
    Evaluation test =
        new Evaluation(loss * TEST_PER_CLASS * size, ConfusionCounts.of(confusion), mistakes());
    double trainLoss = large ? 1.8 - 1.4 * progress : 2.12 - 0.64 * progress;
    return new EpochOutcome(
        epoch,
        Optional.of(new EpochOutcome.TrainingSums(trainLoss * 12_000, Math.round(train * 12_000))),
        12_000,
        testedLast && epoch < epochs ? Optional.empty() : Optional.of(test),
        Optional.empty(),
        STATE,
        roundSeconds,
        large ? 0.9 : 0.2);
  }

  private static NetworkSummary network(boolean large) {
    return large
        ? new NetworkSummary(
            List.of(
                new LayerRow("conv1", "ConvolutionBlock", "32 x 16 x 16", 896, 1_769_472),
                new LayerRow("conv2", "ConvolutionBlock", "64 x 8 x 8", 18_496, 9_437_184),
                new LayerRow("conv3", "ConvolutionBlock", "64 x 8 x 8", 36_928, 4_718_592),
                new LayerRow("dense", "DenseLayer", "64", 262_208, 524_288),
                new LayerRow("output", "OutputLayer", "10", 650, 1_280)),
            319_178,
            0,
            638_356)
        : new NetworkSummary(
            List.of(
                new LayerRow("involution1", "Involution", "3 x 16 x 16", 26, 81_920),
                new LayerRow("involution2", "Involution", "3 x 8 x 8", 26, 20_480),
                new LayerRow("involution3", "Involution", "3 x 8 x 8", 26, 5_120),
                new LayerRow("dense", "DenseLayer", "64", 12_352, 24_576),
                new LayerRow("output", "OutputLayer", "10", 650, 1_280)),
            13_074,
            6,
            26_148);
  }

  private List<Mistake> mistakes() {
    List<Mistake> mistakes = new ArrayList<>();
    for (Sample sample : pictures(MISTAKES)) {
      int place = mistakes.size();
      mistakes.add(
          new Mistake(
              17 * place,
              sample.label(),
              (sample.label() + 3) % classes.size(),
              0.999f - 0.004f * place,
              sample.pixels()));
    }
    return mistakes;
  }

  /** A blob of its class's colour on a slope. */
  private List<Sample> pictures(int number) {
    List<Sample> pictures = new ArrayList<>();
    for (int index = 0; index < number; index++) {
      int label = random.nextInt(classes.size());
      byte[] pixels = new byte[3 * 32 * 32];
      double x = 10 + random.nextInt(12);
      double y = 10 + random.nextInt(12);
      for (int at = 0; at < 32 * 32; at++) {
        boolean inside = Math.hypot(at % 32 - x, at / 32.0 - y) < 7;
        for (int plane = 0; plane < 3; plane++) {
          int background = 60 + 4 * (at / 32) + random.nextInt(20);
          int blob = (label * 53 + plane * 97) % 256;
          pixels[plane * 32 * 32 + at] = (byte) (inside ? blob : background);
        }
      }
      pictures.add(new Sample(index, label, new Picture(ImageShape.CIFAR10, pixels)));
    }
    return pictures;
  }

  private List<Prediction> predictions(boolean large) {
    List<Prediction> predictions = new ArrayList<>();
    for (int index = 0; index < images; index++) {
      List<Float> probabilities = new ArrayList<>();
      for (int label = 0; label < classes.size(); label++) {
        probabilities.add(label == index ? 0.55f : 0.05f);
      }
      List<KernelMap> layers =
          large
              ? List.of()
              : List.of(
                  kernel("involution1", 32), kernel("involution2", 16), kernel("involution3", 8));
      predictions.add(new Prediction(index, index, probabilities, layers));
    }
    return predictions;
  }

  private KernelMap kernel(String layer, int side) {
    ByteBuffer values =
        ByteBuffer.allocate(4 * taps * groups * side * side).order(ByteOrder.LITTLE_ENDIAN);
    double phase = random.nextDouble();
    for (int tap = 0; tap < taps * groups; tap++) {
      for (int at = 0; at < side * side; at++) {
        double wave =
            Math.sin(6.0 * (at % side) / side + phase + tap)
                + 0.5 * Math.cos(5.0 * at / (side * side));
        values.putFloat((float) (0.2 * wave + 0.02 * random.nextGaussian()));
      }
    }
    return new KernelMap(
        layer, taps, groups, side, side, Base64.getEncoder().encodeToString(values.array()));
  }
}
