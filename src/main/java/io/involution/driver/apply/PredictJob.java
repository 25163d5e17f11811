package io.involution.driver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.data.picture.PictureFile;
import io.involution.driver.input.DriverFile;
import io.involution.driver.input.ModelFiles;
import io.involution.driver.input.SavedModel;
import io.involution.driver.present.ReportPlace;
import io.involution.evaluate.Artifacts;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.files.UserPath;
import io.involution.metrics.Json;
import io.involution.report.PredictionTable;
import io.involution.report.RunReport;
import io.involution.report.page.PredictionPage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The predict command, which runs in one process without a cluster. */
public final class PredictJob {
  private static final List<String> NUMBERS =
      IntStream.range(0, DataSchema.CIFAR10.classCount())
          .mapToObj(label -> "class " + label)
          .toList();

  private final Configuration hadoop;
  private final ModelFiles models;
  private final PrintStream terminal;

  /** Prepares predictions that are printed to a terminal. */
  public PredictJob(Configuration hadoop, PrintStream terminal) {
    this.hadoop = hadoop;
    this.models = new ModelFiles("--model", hadoop);
    this.terminal = terminal;
  }

  /**
   * Classifies images.
   *
   * @param model the value of the model option
   * @param images the image files
   * @param out the HTML page to write; null for none
   * @throws InputException if a file cannot be used
   */
  public void run(String model, List<String> images, String out) {
    if (out != null && !out.endsWith(".html")) {
      throw new InputException(
          "--out " + Places.shown(out) + " is not an HTML page: use a name that ends in .html");
    }
    List<String> files = models.of(model);
    Shard shard = shard(images);
    Map<String, List<Prediction>> predictions = new LinkedHashMap<>();
    List<String> classes = List.of();
    for (String file : files) {
      SavedModel saved = models.read(file);
      predictions.put(saved.blueprint().label(), predict(saved.graph(), file, shard));
      classes = classes(file);
    }
    List<String> names = images.stream().map(image -> UserPath.of(image).getName()).toList();
    print(names, classes, predictions);
    if (out != null) {
      PredictionPage page = new PredictionPage(names);
      List<String> labels = classes;
      List<Sample> samples =
          Artifacts.samples(shard, places(shard)).stream().map(Sample::unlabeled).toList();
      predictions.forEach((network, made) -> page.model(network, labels, samples, made));
      String place = ReportPlace.write(out, Map.of(RunReport.INDEX, page.html()), hadoop);
      terminal.println("written to " + place);
    }
  }

  private Shard shard(List<String> images) {
    byte[] pixels = new byte[images.size() * ImageShape.CIFAR10.pixels()];
    for (int i = 0; i < images.size(); i++) {
      byte[] bytes = DriverFile.bytes("IMAGE", images.get(i), hadoop);
      byte[] picture = PictureFile.pixels(bytes, images.get(i), ImageShape.CIFAR10);
      System.arraycopy(
          picture, 0, pixels, i * ImageShape.CIFAR10.pixels(), ImageShape.CIFAR10.pixels());
    }
    return new Shard(
        ImageShape.CIFAR10, DataSchema.CIFAR10.classCount(), pixels, new short[images.size()]);
  }

  private static List<Prediction> predict(ComputationGraph graph, String file, Shard shard) {
    try {
      List<Integer> places = places(shard);
      List<Prediction> predictions = Artifacts.predictions(graph, shard, places);
      if (!predictions.stream().allMatch(Prediction::isFinite)) {
        throw SavedModel.notFinite(file);
      }
      return predictions;
    } finally {
      graph.close();
    }
  }

  private static List<Integer> places(Shard shard) {
    return IntStream.range(0, shard.size()).boxed().toList();
  }

  /** The class names in the run's artifacts; numbers if there are none. */
  private List<String> classes(String file) {
    String samples = file.replaceAll("model\\.zip$", "artifacts/samples.json");
    if (!samples.equals(file) && models.exists(samples)) {
      try {
        List<String> names = new ArrayList<>();
        JsonNode tree = Json.tree(DriverFile.bytes("--model", samples, hadoop));
        tree.path("classes").forEach(name -> names.add(name.asText()));
        if (names.size() == DataSchema.CIFAR10.classCount()) {
          return names;
        }
      } catch (IOException e) {
        throw new InputException(Places.shown(samples) + " is damaged: use another copy", e);
      }
    }
    return NUMBERS;
  }

  private void print(
      List<String> names, List<String> classes, Map<String, List<Prediction>> predictions) {
    for (int i = 0; i < names.size(); i++) {
      Map<String, Prediction> ofImage = new LinkedHashMap<>();
      for (Map.Entry<String, List<Prediction>> made : predictions.entrySet()) {
        ofImage.put(made.getKey(), made.getValue().get(i));
      }
      terminal.println(PredictionTable.of(names.get(i), classes, ofImage));
    }
    if (classes.equals(NUMBERS)) {
      terminal.println("no artifacts next to the model: the classes are shown as numbers");
    }
    terminal.println("each image was cropped to its central square and scaled to 32 x 32 pixels");
  }
}
