package io.involution.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
  @ParameterizedTest
  @CsvSource({
    "s3a://key:secret@bucket/run, s3a://***@bucket/run",
    "https://user@host/x, https://***@host/x",
    "https://user:p@ss@host/x, https://***@host/x",
    "https://u:p@host:8020, https://***@host:8020",
    "abfs://container@account.dfs/x, abfs://***@account.dfs/x",
    "hdfs://host/a@b, hdfs://host/a@b",
    "file:/tmp/a@b, file:/tmp/a@b",
    "mail me@example.org, mail me@example.org",
    "'cannot copy s3a://a:b@x/1 to hdfs://c:d@y/2, sorry', 'cannot copy s3a://***@x/1 to hdfs://***@y/2, sorry'",
    "'s3a://a:b@x,s3a://c:d@y', 's3a://***@x,s3a://***@y'",
    "runs/20260101, runs/20260101"
  })
  void userInfoIsReplaced(String text, String shown) {
    assertThat(Places.shown(text)).isEqualTo(shown);
  }

  @Test
  void reasonIsOneLineWithoutSecrets() {
    assertThat(Places.reason(new IOException("no s3a://k:s@b/x\nat line 2")))
        .isEqualTo("IOException: no s3a://***@b/x");
    assertThat(Places.reason(new IOException())).isEqualTo("IOException");
    assertThat(Places.reason(new IOException("\n"))).isEqualTo("IOException");
  }
}
