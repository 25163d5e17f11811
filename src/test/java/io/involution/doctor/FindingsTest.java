package io.involution.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.failure.InputException;
import java.util.List;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private final Findings findings = new Findings();

  @Test
  void everyFindingIsALineWithItsLevel() {
    findings.add(Finding.ok("java", "Java 17"));
    findings.add(Finding.warn("task slots", "2 for 3 workers", "take 2"));
    findings.add(Finding.fail("data", new InputException("it: it is gone (a: b): name another")));

    assertThat(findings.table())
        .isEqualTo(
            """
            OK    java        Java 17
            WARN  task slots  2 for 3 workers; fix: take 2
            FAIL  data        it: it is gone (a: b); fix: name another
            """);
  }

  @Test
  void placesThatFindTheSameShareALine() {
    findings.addEach(
        List.of("a", "b", "a", "c", "d", "e", "f", "odd"),
        place -> place,
        place -> Finding.ok("x", place.equals("odd") ? "other" : "same"));

    assertThat(findings.all())
        .containsExactly(
            Finding.ok("x", "same [a, b, c, d and 2 more]"), Finding.ok("x", "other [odd]"));
  }

  @Test
  void aWarningStopsNoRunAndAFailureDoes() {
    findings.add(Finding.warn("java", "Java 21", "take 17"));
    assertThatCode(findings::requireNoFailure).doesNotThrowAnyException();

    findings.add(Finding.fail("device", "no GPU", "add one"));
    findings.add(Finding.fail("data", "gone", "name another"));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(findings::requireNoFailure)
        .withMessage("a run would fail, 2 of 3 checks failed; device: no GPU: add one");
  }

  /** Spark throws checked exceptions that its methods do not declare. */
  @Test
  void whatIsThrownUndeclaredIsALineAndTheSameAgainIsNone() {
    for (int check = 0; check < 2; check++) {
      assertThat(
              findings.tried(
                  "data",
                  () -> {
                    undeclared(new SparkException("Job aborted"));
                    return 1;
                  }))
          .isEmpty();
    }

    assertThat(findings.all())
        .containsExactly(
            Finding.fail("data", "SparkException: Job aborted", "see the executors' logs"));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void undeclared(Exception thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void secretsAreNotShown() {
    findings.add(Finding.ok("master", "spark://me:word@host:7077, spark.my.password=word"));

    assertThat(findings.table()).contains("spark://***@host").doesNotContain("word@", "=word");
  }
}
