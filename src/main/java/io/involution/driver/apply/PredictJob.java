package io.involution.driver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.data.DataSchema;
import io.involution.data.ImageShape;
import io.involution.data.Shard;
import io.involution.driver.input.DriverFile;
import io.involution.driver.input.ModelFiles;
import io.involution.driver.input.PictureFiles;
import io.involution.driver.input.SavedModel;
import io.involution.driver.present.ReportPlace;
import io.involution.evaluate.Artifacts;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.failure.InputException;
import io.involution.failure.Places;
import io.involution.metrics.Json;
import io.involution.model.state.GraphState;
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

/** The predict command, which runs in one process without a cluster. */
public final class PredictJob {
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
   * @param images image files, and folders of them
   * @param out the HTML page to write; null for none
   * @throws InputException if a file cannot be used
   */
  public void run(String model, List<String> images, String out) {
    if (out != null) {
      if (!out.endsWith(".html")) {
        throw new InputException(
            "--out " + Places.shown(out) + " is not an HTML page: use a name that ends in .html");
      }
      ReportPlace.check(out, hadoop);
    }
    int drawn = out == null ? 0 : PredictionPage.MOST_DRAWN;
    List<String> files = models.of(model);
    Map<String, List<Prediction>> predictions = new LinkedHashMap<>();
    DataSchema schema = null;
    PictureFiles pictures = null;
    Shard shard = null;
    for (String file : files) {
      SavedModel saved = models.read(file);
      try {
        if (schema == null) {
          schema = schema(saved, file);
          pictures = PictureFiles.read(images, schema.image(), hadoop);
          shard = shard(pictures, schema);
        }
        saved.requireFor(schema, file);
        predictions.put(saved.blueprint().label(), predict(saved, file, shard, drawn));
      } finally {
        GraphState.close(saved.graph());
      }
    }
    List<String> classes = schema.classes();
    List<String> names = pictures.names();
    print(names, schema, predictions);
    if (!pictures.warning().isEmpty()) {
      terminal.println(pictures.warning());
    }
    if (out != null) {
      PredictionPage page = new PredictionPage(names);
      List<Sample> samples =
          Artifacts.samples(shard, places(shard)).stream().map(Sample::unlabeled).toList();
      predictions.forEach((network, made) -> page.model(network, classes, samples, made));
      String place = ReportPlace.write(out, Map.of(RunReport.INDEX, page.html()), hadoop);
      terminal.println("written to " + place);
    }
  }

  private static Shard shard(PictureFiles pictures, DataSchema schema) {
    return new Shard(
        schema.image(), schema.classCount(), pictures.pixels(), new short[pictures.names().size()]);
  }

  private static List<Prediction> predict(SavedModel saved, String file, Shard shard, int drawn) {
    List<Prediction> predictions =
        Artifacts.predictions(
            saved.graph(), saved.blueprint().normalization(), shard, places(shard), drawn);
    if (!predictions.stream().allMatch(Prediction::isFinite)) {
      throw SavedModel.notFinite(file);
    }
    return predictions;
  }

  private static List<Integer> places(Shard shard) {
    return IntStream.range(0, shard.size()).boxed().toList();
  }

  /** With the model's class names; of an older model, with those in its run's artifacts. */
  private DataSchema schema(SavedModel saved, String file) {
    DataSchema schema = saved.metadata().schema();
    List<String> own = schema.classes();
    String samples = file.replaceAll("model\\.zip$", "artifacts/samples.json");
    if (own.equals(SavedModel.NUMBERED) && !samples.equals(file) && models.exists(samples)) {
      try {
        List<String> names = new ArrayList<>();
        JsonNode tree = Json.tree(DriverFile.bytes("--model", samples, hadoop));
        tree.path("classes").forEach(name -> names.add(name.asText()));
        if (names.size() == own.size()) {
          return DataSchema.of(schema.image(), names, samples);
        }
      } catch (IOException e) {
        throw new InputException(Places.shown(samples) + " is damaged: use another copy", e);
      }
    }
    return schema;
  }

  private void print(
      List<String> names, DataSchema schema, Map<String, List<Prediction>> predictions) {
    for (int i = 0; i < names.size(); i++) {
      Map<String, Prediction> ofImage = new LinkedHashMap<>();
      for (Map.Entry<String, List<Prediction>> made : predictions.entrySet()) {
        ofImage.put(made.getKey(), made.getValue().get(i));
      }
      terminal.println(PredictionTable.of(names.get(i), schema.classes(), ofImage));
    }
    if (schema.classes().equals(SavedModel.NUMBERED)) {
      terminal.println("no artifacts next to the model: the classes are shown as numbers");
    }
    ImageShape image = schema.image();
    terminal.println("each image was " + PredictionPage.cropped(image.width(), image.height()));
  }
}
