package io.involution.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlasKernelsTest {
  private static final String AMD = "vendor_id\t: AuthenticAMD";
  private static final String INTEL = "vendor_id\t: GenuineIntel";
  private static final String WIDE =
      "flags\t: fpu avx2 avx512f avx512cd avx512bw avx512dq avx512vl";

  @Test
  void anAmdProcessorWithAvx512GetsTheKernelsThatOpenBlasWouldNotFind() {
    assertThat(changes(List.of(AMD, WIDE), Map.of()))
        .isEqualTo(Map.of("OPENBLAS_CORETYPE", Optional.of("SKYLAKEX")));
  }

  @Test
  void otherProcessorsAreLeftToOpenBlas() {
    assertThat(changes(List.of(INTEL, WIDE), Map.of())).isEmpty();
    assertThat(changes(List.of(AMD, "flags\t: fpu avx2 avx512f"), Map.of())).isEmpty();
    assertThat(changes(List.of(), Map.of())).isEmpty();
  }

  /** Containers and other hosts do not have it, and bits would depend on where a worker runs. */
  @Test
  void theEnvironmentDecidesNoBits() {
    Map<String, String> set =
        Map.of("OPENBLAS_CORETYPE", "ZEN", "OPENBLAS_L2_SIZE", "512", "OPENBLAS_VERBOSE", "2");

    assertThat(changes(List.of(AMD, WIDE), set))
        .isEqualTo(
            Map.of(
                "OPENBLAS_CORETYPE",
                Optional.of("SKYLAKEX"),
                "OPENBLAS_L2_SIZE",
                Optional.empty()));
    assertThat(changes(List.of(INTEL, WIDE), set))
        .isEqualTo(
            Map.of("OPENBLAS_CORETYPE", Optional.empty(), "OPENBLAS_L2_SIZE", Optional.empty()));
  }

  private static Map<String, Optional<String>> changes(
      List<String> lines, Map<String, String> environment) {
    return BlasKernels.changes(new Processor(lines), environment);
  }
}
