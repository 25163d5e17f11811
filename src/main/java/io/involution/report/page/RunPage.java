package io.involution.report.page;

import io.involution.report.chart.Chart;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The page of one run. */
public final class RunPage {
  private final List<Chart> charts = new ArrayList<>();
  private final byte[] html;

  /** Creates the page. */
  public RunPage(RunData run) {
    Html head = new HeadSection(run, charts).html();
    List<Html> sections = new ArrayList<>();
    sections.add(new ComparisonSection(run).html());
    if (run.models().stream().anyMatch(model -> !model.epochs().isEmpty())) {
      sections.add(new CurvesSection(run, charts).html());
    }
    List<ModelData> involutions =
        run.models().stream().filter(model -> KernelsSection.has(model.artifacts())).toList();
    for (ModelData model : involutions) {
      KernelsSection kernels = new KernelsSection(model.name(), model.artifacts());
      sections.add((involutions.size() > 1 ? kernels.amongSeveral() : kernels).html());
    }
    ConfusionSection confusion = new ConfusionSection(run);
    if (!confusion.isEmpty()) {
      sections.add(confusion.html());
    }
    PicturesSection pictures = new PicturesSection(run);
    if (pictures.hasMistakes()) {
      sections.add(pictures.mistakes());
    }
    if (pictures.hasSamples()) {
      sections.add(pictures.samples());
    }
    NetworksSection networks = new NetworksSection(run);
    if (!networks.isEmpty()) {
      sections.add(networks.html());
    }
    ClusterSection cluster = new ClusterSection(run, charts);
    if (!cluster.isEmpty()) {
      sections.add(cluster.html());
    }
    sections.add(new ProvenanceSection(run).html());
    html = PageFrame.of(names(run) + ": " + run.text("/dataset"), head, sections);
  }

  private static String names(RunData run) {
    return run.models().stream().map(ModelData::title).collect(Collectors.joining(", "));
  }

  /**
   * Whether a file is the page of a run as it is now, and not as it was before it went on.
   *
   * @param run the run, of which its record is enough
   */
  public static boolean isOf(RunData run, byte[] file) {
    return new ProvenanceSection(run).isOn(new String(file, StandardCharsets.UTF_8));
  }

  /** The page as one file. */
  public byte[] html() {
    return html.clone();
  }

  /** The charts on it. */
  public List<Chart> charts() {
    return charts;
  }
}
