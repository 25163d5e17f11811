package io.involution.spark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.involution.failure.InputException;
import java.io.IOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class UnreadableTableTest {
  @Test
  void aTableIsNotBlamedForAClusterThatIsGone() {
    SparkException gone = new SparkException("Job 0 cancelled because SparkContext was shut down");

    assertThatThrownBy(() -> Tables.unreadable("table", "parquet", gone))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasCause(gone);
    assertThat(Tables.unreadable("table", "parquet", new IOException("no such file")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--data table cannot be read as parquet (");
  }

  @Test
  void aFormatsLibraryThatIsMissingOrForAnotherSparkIsNamed() {
    assertThat(Tables.unreadable("t", "delta", new ClassNotFoundException("delta.DefaultSource")))
        .hasMessageContaining("cannot be read as delta (this Spark has no format of that name)")
        .hasMessageContaining("--packages");
    assertThat(
            Tables.unreadable(
                "t", "iceberg", new IncompatibleClassChangeError("Found interface CatalogManager")))
        .hasMessageContaining("its library is for another version of Spark")
        .hasMessageContaining("Found interface CatalogManager")
        .hasMessageContaining("name one for Spark ");
  }
}
