package io.involution.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.involution.cluster.JobProcess;
import io.involution.metrics.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 tiny cells, one at a time: what the harness adds to each, against an empty Spark job and the
 * network's set-up. {@code mvn -B verify -Psoak -Dit.test=CellCostsSoak} prints the figures; {@code
 * -Dcells=N} runs another number.
 */
class CellCostsSoak {
  private static final int CELLS = Integer.getInteger("cells", 200);

  @TempDir private Path folder;

  @Test
  void theLedgerIsRightAndTheFiguresArePrinted() throws Exception {
    Path conf = folder.resolve("tiny.conf");
    List<String> seeds = new ArrayList<>();
    for (int seed = 1; seed <= CELLS; seed++) {
      seeds.add(String.valueOf(seed));
    }
    Files.writeString(
        conf,
        String.format(
            Locale.ROOT,
            """
            experiment {
              name = tiny, parallel = 1
              defaults {
                data = synthetic, train-limit = 64, test-limit = 16, batch-size = 32, epochs = 1
                model = involution, workers = 1
              }
              grid { seed = [%s] }
            }
            """,
            String.join(",", seeds)));
    Path out = folder.resolve("tiny");
    List<String> command =
        List.of(
            "submit/local",
            "--class",
            CellCosts.class.getName(),
            "--jars",
            SoakJar.write(folder).toString(),
            "costs",
            out.toString(),
            "experiment",
            conf.toString(),
            "--out",
            out.toString());
    try (JobProcess run = JobProcess.start(folder, command)) {
      assertThat(run.await()).as(run.err() + run.out()).isZero();
      run.out()
          .lines()
          .filter(line -> line.startsWith("memory") || line.startsWith("empty"))
          .forEach(System.out::println);
    }
    print(Files.readAllLines(out.resolve("ledger.jsonl")), out);
  }

  private static void print(List<String> ledger, Path out) throws IOException {
    List<Double> added = new ArrayList<>();
    double trained = 0;
    List<Instant> times = new ArrayList<>();
    for (String line : ledger) {
      JsonNode row = Json.MAPPER.readTree(line);
      assertThat(row.path("state").asText()).isEqualTo("done");
      assertThat(row.path("attempts").asInt()).isEqualTo(1);
      JsonNode record =
          Json.tree(Files.readAllBytes(out.resolve(row.path("run").asText()).resolve("run.json")));
      assertThat(record.path("results")).isEqualTo(row.path("results"));
      double rounds = record.at("/results/involution/seconds").asDouble();
      added.add(row.path("seconds").asDouble() - rounds);
      trained += rounds;
      times.add(Instant.parse(row.path("started").asText()));
      times.add(Instant.parse(row.path("ended").asText()));
    }
    assertThat(added).hasSize(CELLS);
    added.sort(null);
    System.out.printf(
        Locale.ROOT,
        "a cell beyond its rounds and evaluations: median %.4f s, 90 %% below %.4f s%n",
        added.get(CELLS / 2),
        added.get(CELLS * 9 / 10));
    times.sort(null);
    double wall = Duration.between(times.get(0), times.get(times.size() - 1)).toMillis() / 1e3;
    System.out.printf(
        Locale.ROOT,
        "with claims, ledger and all that is between cells: mean %.4f s%n",
        (wall - trained) / CELLS);
  }
}
