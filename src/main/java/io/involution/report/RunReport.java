package io.involution.report;

import io.involution.evaluate.artifact.KernelMap;
import io.involution.evaluate.artifact.Mistake;
import io.involution.evaluate.artifact.Picture;
import io.involution.evaluate.artifact.Prediction;
import io.involution.evaluate.artifact.Sample;
import io.involution.metrics.ModelArtifacts;
import io.involution.report.chart.Chart;
import io.involution.report.chart.ColorScale;
import io.involution.report.chart.Pixels;
import io.involution.report.page.RunPage;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of one run: the page, and its charts and images as files for slides. */
public final class RunReport {
  /** The page's file name. */
  public static final String INDEX = "index.html";

  /** Pixels of a slide image per pixel of the data set's image, at most. */
  private static final int ZOOM = 6;

  private static final int SAMPLES_PER_ROW = 5;
  private static final int MISTAKES_PER_ROW = 6;

  private RunReport() {}

  /**
   * Creates the files.
   *
   * @return their bytes, by name, the page first
   */
  public static Map<String, byte[]> files(RunData run) {
    return RunData.sound(run.location(), () -> draw(run));
  }

  private static Map<String, byte[]> draw(RunData run) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    RunPage page = new RunPage(run);
    files.put(INDEX, page.html());
    List<Chart> charts = new ArrayList<>(page.charts());
    files.putAll(files(charts));
    run.models().forEach(model -> files.putAll(pictures(model.name(), model.artifacts())));
    return files;
  }

  /** Charts as files, by name: PNG and SVG. */
  static Map<String, byte[]> files(List<Chart> charts) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Chart chart : charts) {
      files.put(chart.name() + ".png", chart.png());
      files.put(chart.name() + ".svg", chart.svgFile());
    }
    return files;
  }

  /**
   * The images of one network for slides.
   *
   * @param network its name
   * @return PNG files, by name
   */
  public static Map<String, byte[]> pictures(String network, ModelArtifacts artifacts) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<Sample> samples = artifacts.train();
    if (!samples.isEmpty()) {
      files.put("samples.png", Pixels.sheet(images(samples), SAMPLES_PER_ROW, ZOOM));
    }
    List<Picture> mistakes = artifacts.mistakes().stream().map(Mistake::pixels).toList();
    if (!mistakes.isEmpty()) {
      files.put("mistakes-" + network + ".png", Pixels.sheet(mistakes, MISTAKES_PER_ROW, ZOOM));
    }
    List<Prediction> predictions = artifacts.predictions();
    int layers = predictions.isEmpty() ? 0 : predictions.get(0).layers().size();
    if (layers > 0) {
      List<Picture> images = images(artifacts.test());
      files.put("images-" + network + ".png", Pixels.sheet(images, images.size(), ZOOM));
    }
    for (int layer = 0; layer < layers; layer++) {
      files.put(
          String.format(Locale.ROOT, "kernels-%s-%d.png", network, layer + 1),
          kernels(predictions, layer, artifacts.test().get(0).pixels()));
    }
    return files;
  }

  private static List<Picture> images(List<Sample> samples) {
    return samples.stream().map(Sample::pixels).toList();
  }

  /** The heat maps of one layer, in the order of the images. */
  private static byte[] kernels(List<Prediction> predictions, int layer, Picture like) {
    List<double[][]> sums =
        predictions.stream()
            .map(prediction -> prediction.layers().get(layer))
            .map(KernelMap::sums)
            .toList();
    ColorScale scale = ColorScale.over(sums);
    return Pixels.sheet(
        sums.stream().map(grid -> Pixels.picture(grid, scale, like)).toList(), sums.size(), ZOOM);
  }
}
