package io.involution.report.page;

import io.involution.report.chart.Chart;
import io.involution.report.run.ModelData;
import io.involution.report.run.RunData;
import java.util.ArrayList;
import java.util.List;

/** The page of one run. */
public final class RunPage {
  private final List<Chart> charts = new ArrayList<>();
  private final byte[] html;

  /** Creates the page. */
  public RunPage(RunData run) {
    List<Html> sections = new ArrayList<>();
    sections.add(new ComparisonSection(run).html());
    if (run.models().stream().anyMatch(model -> !model.epochs().isEmpty())) {
      sections.add(new CurvesSection(run, charts).html());
    }
    for (ModelData model : run.models()) {
      if (KernelsSection.has(model.artifacts())) {
        sections.add(new KernelsSection(model.name(), model.artifacts()).html());
      }
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
    html =
        PageFrame.of(
            "Involution and convolution: " + run.text("/dataset"),
            new HeadSection(run).html(),
            sections);
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
