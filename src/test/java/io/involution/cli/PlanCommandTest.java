package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.model.UserNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan command where it needs no cluster. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class PlanCommandTest {
  @TempDir private Path temporary;

  private static Called plan(String options) {
    return Called.command(("plan " + options).strip().split(" "));
  }

  @Test
  void drawsATableForEachNetwork() {
    Called called = plan("--workers 6 --network-gbps 10");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out())
        .startsWith("coefficients: conf/plan.conf of the job jar, measured on\n  AMD EPYC")
        .contains("training: 50,000 examples, epochs 20 (")
        .contains(
            "minibatch: 256 examples, shared by however many workers", "--batch-size-per-worker N")
        .contains("convolution network: 3,830,136 bytes", "involution network: 156,912 bytes")
        .contains("H 16, 6 slots, 10.0 Gbit/s");
    // 256 examples over 1, 2, 4 and 6 workers.
    for (String row : new String[] {"1 +256 ", "2 +128 ", "4 +64 ", "6 +42 "}) {
      assertThat(called.out().lines()).filteredOn(line -> line.matches(row + ".*")).hasSize(2);
    }
  }

  @Test
  void fitsATerminalOf80Columns() {
    for (String options : List.of("", " --batch-size 65536 --epochs 9999", " --exchange collect")) {
      Called called = plan("--workers 256 --network-gbps 0.125 --slots 1" + options);
      assertThat(called.code()).as(called.err()).isZero();
      assertThat(called.out().lines().skip(2))
          .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    }
  }

  @Test
  void plansWithTheOptionsOfTraining() {
    Called called =
        plan(
            "--workers 1024 --network-gbps 25 --model convolution --batch-size-per-worker 32"
                + " --epochs 3 --examples 1000000"
                + " --averaging-period 100 --slots 512 --exchange collect");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out())
        .contains("H 100, 512 slots, 25.0 Gbit/s", "1,024 updates are 3.7 GiB")
        .contains("training: 1,000,000 examples, epochs 3 (")
        .containsPattern("(?m)^1,024 .* collect ")
        .containsPattern("(?m)^1,024 +32 .* s$")
        .doesNotContain("involution network", "shared by");
  }

  /** A minibatch has at most the examples that there are. */
  @Test
  void theMemoryIsThatOfTheMinibatchThatIsUsed() {
    Called called =
        plan("--workers 1 --network-gbps 1 --model convolution --batch-size 512 --examples 300");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out()).contains("MiB outside the heap, for 300 examples at a time.");
  }

  @Test
  void plansARecipe() {
    Called called =
        plan("--config deep-convolution --workers 8 --network-gbps 10 --averaging-period 8");

    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.out())
        .contains("epochs 16 (", "minibatch: 512 examples", "deep-convolution network")
        .contains("H 8, 8 slots")
        .doesNotContain("\nconvolution network");
  }

  /** As much as what was measured, by operations; a network's state is its own. */
  @Test
  void estimatesUsersNetworksAndOtherImages() throws IOException {
    Path file = temporary.resolve("mine.json");
    Files.writeString(file, UserNetworks.leNet().toJson());

    Called users = plan("--workers 2 --network-gbps 10 --model " + file);
    Called larger =
        plan("--workers 2 --network-gbps 10 --model convolution --image-shape 1,64,64 --classes 3");

    assertThat(users.code()).as(users.err()).isZero();
    assertThat(users.out())
        .contains(
            "mine network: 47,152 bytes of state",
            "from the convolution network on CIFAR-10. DL4J's")
        .doesNotContain("A task needs at least");
    assertThat(larger.code()).as(larger.err()).isZero();
    assertThat(larger.out())
        .contains(
            "Estimated by operations, from the convolution network on CIFAR-10.",
            "convolution network: ")
        .doesNotContain("3,830,136");
  }

  /** A network that was not measured is estimated from the one most like it. */
  @Test
  void plansForGpusAndForAllNetworksOfThisJob() {
    Called gpu =
        plan("--device gpu --workers 8 --network-gbps 25 --model involution-wide --overhead 10");
    Called wide =
        plan("--workers 2 --network-gbps 10 --model involution-wide --averaging-period epoch");

    assertThat(gpu.code()).as(gpu.err()).isZero();
    assertThat(gpu.out()).contains("H100", "H for 10 %").doesNotContain("Estimated");
    assertThat(wide.code()).as(wide.err()).isZero();
    assertThat(wide.out())
        .contains("H epoch, 2 slots", "from the involution network on CIFAR-10.\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--workers 4 --network-gbps 1 --classes 1, --classes is 1, 2 or more",
    "--workers 4 --network-gbps 1 --classes 10001, --classes is 10001, 10000",
    "'--workers 4 --network-gbps 1 --image-shape 3,8', --image-shape has 2, 'channels, height'",
    "'--workers 4 --network-gbps 1 --image-shape 9,8,8', --image-shape, 1 to 4 channels",
    "--measure --classes 3, --measure, leave out --classes",
    "--measure --optimizer muon --slots 2, --measure, 'leave out --optimizer, --slots'",
    "--simulate 4 --examples 9, --simulate, leave out --examples",
    "--workers 4 --network-gbps 1 --rounds 3, --rounds, leave them out",
    "--workers 4 --network-gbps 1 --warm-up 0, --warm-up, --measure",
    "'', --workers N and --network-gbps B, --measure",
    "--workers 4, --network-gbps B, add them",
    "--workers 0 --network-gbps 1, --workers is 0, 1 or more",
    "--workers 4 --network-gbps 0, --network-gbps is 0.0, above 0",
    "--workers 4 --network-gbps NaN, --network-gbps is NaN, above 0",
    "--workers 4 --network-gbps fast, --network-gbps, 'fast'",
    "--workers 4 --network-gbps 1 --slots 0, --slots is 0, 1 or more",
    "--workers 4 --network-gbps 1 --exchange both, --exchange is 'both', shuffle",
    "--workers 4 --network-gbps 1 --model all, --model is 'all', both",
    "--workers 4 --network-gbps 1 --averaging-period 0, --averaging-period is '0', local steps",
    "--workers 4 --network-gbps 1 --overhead 0, --overhead is 0.0, above 0",
    "--workers 4 --network-gbps 1 --overhead 100, --overhead is 100.0, below 100",
    "--measure --device cpu, --measure, leave out --device",
    "--workers 257 --network-gbps 1, --batch-size 256, lower --workers",
    "--workers 4 --network-gbps 1 --coefficients /nowhere.conf, /nowhere.conf, check the path",
    "--measure --workers 4, --measure, leave out --workers",
    "--simulate 256 --network-gbps 4, --simulate, leave out --network-gbps",
    "--simulate 0, --simulate is 0, 1 or more",
    "--simulate many, --simulate, 'many'",
    "--measure --rounds 0, --rounds is 0, 1 or more",
    "--measure --warm-up -1, --warm-up is -1, 0 or more",
    "--measure, no Spark master is set, submit/local",
    "--workers 4 --network-gbps 1 --examples 0, --examples is 0, 1 or more",
    "--workers 4 --network-gbps 1 --examples 3, --examples 3, lower --workers",
    "--workers 4 --network-gbps 1 --seed 3, '--seed', plan --help"
  })
  void whatCannotBePlannedIsOneLine(String options, String thing, String fix) {
    Called called = plan(options);

    assertThat(called.error()).contains(thing, fix);
    assertThat(called.out()).isEmpty();
  }

  @Test
  void coefficientsWithAnUnknownKeyAreRefused() throws IOException {
    Path file = temporary.resolve("my.conf");
    Files.writeString(file, Files.readString(Path.of("conf", "plan.conf")) + "\nplan.bogus = 1");

    assertThat(plan("--workers 4 --network-gbps 1 --coefficients " + file).error())
        .contains(file.toString(), "plan.bogus", "conf/plan.conf");
  }

  /** An alias of the file system that only spark-submit's settings know. */
  @Test
  void coefficientsAreReadWithTheFileSystemsOfSparkSubmit() throws IOException {
    Files.copy(Path.of("conf", "plan.conf"), temporary.resolve("my.conf"));
    String link = "spark.hadoop.fs.viewfs.mounttable.site.link./files";
    String options = "--workers 4 --network-gbps 1 --coefficients viewfs://site/files/my.conf";

    assertThat(plan(options).error()).contains("viewfs://site/files/my.conf");
    System.setProperty(link, temporary.toUri().toString());
    try {
      Called called = plan(options);
      assertThat(called.code()).as(called.err()).isZero();
      assertThat(called.out()).startsWith("coefficients: viewfs://site/files/my.conf");
    } finally {
      System.clearProperty(link);
    }
  }
}
