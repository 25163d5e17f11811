package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.model.UserNetworks;
import io.involution.plan.Coefficients;
import io.involution.plan.CoefficientsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan command with real spark-submit: measured, then planned with what was measured. */
class PlanIT {
  @TempDir private Path folder;

  private static Submitted plan(String... options) {
    List<String> words = new ArrayList<>(List.of("plan"));
    words.addAll(List.of(options));
    return SharedDriver.run("local[2]", words.toArray(String[]::new));
  }

  @Test
  void plansWithWhatItHasMeasured() throws IOException {
    Path file = folder.resolve("plan.conf");
    Path mine = folder.resolve("my.net.json");
    Files.writeString(mine, UserNetworks.leNet().toJson());
    String networks = "involution," + mine;

    Submitted measured =
        plan(
            "--measure",
            file.toString(),
            "--model",
            networks,
            "--rounds",
            "1",
            "--warm-up",
            "0",
            "--simulate",
            "32");

    assertThat(measured.code()).as(measured.err()).isZero();
    assertThat(measured.out())
        .contains("rounds of 32 tasks: ", "of a core", "written to " + file)
        .contains("involution: a step of 256 examples: ", "an empty shuffle between 64 tasks");
    Coefficients found = CoefficientsFile.read(file.toString(), Files.readString(file), false);
    assertThat(found.networks()).containsOnlyKeys("involution", "my.net");
    assertThat(found.network("involution").stateBytes())
        .isEqualTo(CoefficientsFile.shipped(false).network("involution").stateBytes());
    assertThat(found.network("involution").step().at(256)).isPositive();
    assertThat(found.scheduling().at(1)).isPositive();
    assertThat(found.measured()).contains("local[2] with 2 slots");

    Submitted planned =
        plan(
            "--workers",
            "4",
            "--network-gbps",
            "1",
            "--model",
            networks,
            "--coefficients",
            file.toString());

    assertThat(planned.code()).as(planned.err()).isZero();
    assertThat(planned.out())
        .contains("coefficients: " + file + ", measured on\n  " + found.measured())
        .contains("my.net network: ")
        .doesNotContain("Estimated")
        .containsPattern("(?m)^4 +64 ");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsOneLine() {
    Submitted measured =
        plan("--measure", "/proc/plan.conf", "--model", "involution", "--rounds", "1");

    assertThat(measured.code()).isEqualTo(2);
    assertThat(measured.errorLines())
        .singleElement()
        .asString()
        .contains("--measure /proc/plan.conf cannot be written", "that you are allowed to write");
  }
}
