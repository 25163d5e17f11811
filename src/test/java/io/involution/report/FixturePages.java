package io.involution.report;

import io.involution.report.run.RunData;
import io.involution.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Reports of made-up runs, for tests and for people who work on the page. */
final class FixturePages {
  private FixturePages() {}

  /** Writes a made-up run and its report to a folder, for a look at it. */
  public static void main(String[] arguments) throws IOException {
    Path run = Path.of(arguments[0]);
    if (!Files.exists(run.resolve("run.json"))) {
      new RunFixture(42).write(run);
    }
    write(run, run.resolve("report"));
  }

  /** Writes the report of a run to a folder. */
  static void write(Path run, Path report) throws IOException {
    Files.createDirectories(report);
    RunData data = RunData.read(RunFolder.read(run.toString(), new Configuration()));
    for (Map.Entry<String, byte[]> file : RunReport.files(data).entrySet()) {
      Files.write(report.resolve(file.getKey()), file.getValue());
    }
  }
}
