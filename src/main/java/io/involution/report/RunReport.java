package io.involution.report;

import io.involution.report.chart.Chart;
import io.involution.report.chart.ColourScale;
import io.involution.report.chart.Pixels;
import io.involution.report.page.RunPage;
import io.involution.report.run.KernelMap;
import io.involution.report.run.Mistake;
import io.involution.report.run.ModelData;
import io.involution.report.run.Picture;
import io.involution.report.run.Prediction;
import io.involution.report.run.RunData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report of one run: the page, and its charts and pictures beside it for slides. */
public final class RunReport {
  /** The page's file. */
  public static final String INDEX = "index.html";

  /** Pixels of a picture for slides, for a pixel of a data set's image. */
  private static final int ZOOM = 6;

  private static final int SAMPLES_A_ROW = 5;
  private static final int MISTAKES_A_ROW = 6;

  private RunReport() {}

  /**
   * Makes the files.
   *
   * @return their bytes by their names, the page first
   */
  public static Map<String, byte[]> files(RunData run) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    RunPage page = new RunPage(run);
    files.put(INDEX, page.html());
    for (Chart chart : page.charts()) {
      files.put(chart.name() + ".png", chart.png());
    }
    run.models().forEach(model -> files.putAll(pictures(model)));
    return files;
  }

  /**
   * The pictures of one network for slides.
   *
   * @return PNG files by their names
   */
  public static Map<String, byte[]> pictures(ModelData model) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<Picture> samples = model.artifacts().samples();
    if (!samples.isEmpty()) {
      files.put("samples.png", Pixels.sheet(samples, SAMPLES_A_ROW, ZOOM));
    }
    List<Picture> mistakes = model.artifacts().mistakes().stream().map(Mistake::picture).toList();
    if (!mistakes.isEmpty()) {
      files.put("mistakes-" + model.slug() + ".png", Pixels.sheet(mistakes, MISTAKES_A_ROW, ZOOM));
    }
    List<Prediction> predictions = model.artifacts().predictions();
    int layers = predictions.isEmpty() ? 0 : predictions.get(0).kernels().size();
    if (layers > 0) {
      files.put("images-" + model.slug() + ".png", images(predictions));
    }
    for (int layer = 0; layer < layers; layer++) {
      files.put(
          "kernels-%s-%d.png".formatted(model.slug(), layer + 1), kernels(predictions, layer));
    }
    return files;
  }

  private static byte[] images(List<Prediction> predictions) {
    return Pixels.sheet(
        predictions.stream().map(Prediction::picture).toList(), predictions.size(), ZOOM);
  }

  /** The heat maps of one layer beside each other, as the images are. */
  private static byte[] kernels(List<Prediction> predictions, int layer) {
    List<double[][]> sums =
        predictions.stream()
            .map(prediction -> prediction.kernels().get(layer))
            .map(KernelMap::sums)
            .toList();
    ColourScale scale = ColourScale.over(sums);
    return Pixels.sheet(
        sums.stream().map(grid -> Pixels.picture(grid, scale)).toList(), sums.size(), ZOOM);
  }
}
