package io.involution.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlasKernelsTest {
  private static final String WIDE =
      "flags\t: fpu avx2 avx512f avx512cd avx512bw avx512dq avx512vl";

  @Test
  void anAmdProcessorWithAvx512GetsTheKernelsThatOpenBlasWouldNotFind() {
    assertThat(coreType(List.of("vendor_id\t: AuthenticAMD", WIDE), Map.of())).contains("SKYLAKEX");
  }

  @Test
  void otherProcessorsAreLeftToOpenBlas() {
    assertThat(coreType(List.of("vendor_id\t: GenuineIntel", WIDE), Map.of())).isEmpty();
    String narrow = "flags\t: fpu avx2 avx512f";
    assertThat(coreType(List.of("vendor_id\t: AuthenticAMD", narrow), Map.of())).isEmpty();
    assertThat(coreType(List.of(), Map.of())).isEmpty();
  }

  @Test
  void aUsersChoiceStands() {
    assertThat(
            coreType(
                List.of("vendor_id\t: AuthenticAMD", WIDE), Map.of("OPENBLAS_CORETYPE", "ZEN")))
        .isEmpty();
  }

  private static Optional<String> coreType(List<String> lines, Map<String, String> environment) {
    return BlasKernels.coreType(new Processor(lines), environment);
  }
}
