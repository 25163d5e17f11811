package io.involution.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
  @ParameterizedTest
  @CsvSource({
    "ftp://me:word@host/x, ftp://me@host/x",
    "ftp://me:wo:r@d@host:21/x, ftp://me@host:21/x",
    "abfs://container@account.dfs/x, abfs://container@account.dfs/x",
    "hdfs://host:8020/a@b, hdfs://host:8020/a@b",
    "hdfs://host/a:b@c, hdfs://host/a:b@c",
    "file:/a://b:c@d, file:/a://b:c@d",
    "shot 10:20@home.png, shot 10:20@home.png"
  })
  void onlyThePasswordIsTakenOutOfAUri(String uri, String without) {
    assertThat(Places.withoutPassword(uri)).isEqualTo(without);
  }

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
    "'cannot copy s3a://a:b@x/1 to hdfs://c:d@y/2, sorry', 'cannot copy s3a://***@x/1 to"
        + " hdfs://***@y/2, sorry'",
    "'s3a://a:b@x,s3a://c:d@y', 's3a://***@x,s3a://***@y'",
    "s3a://key:se/c/ret@bucket/run, s3a://***@bucket/run",
    "'no s3a://key:/secret@bucket, sorry', 'no s3a://***@bucket, sorry'",
    "hdfs://host:8020/a@b, hdfs://host:8020/a@b",
    "k8s://https://host:6443, k8s://https://host:6443",
    "spark://host:7077, spark://host:7077",
    "https://host/x?sig=a%2Fb&part=2, https://host/x?sig=***&part=2",
    "https://host/x?X-Amz-Signature=ab12, https://host/x?X-Amz-Signature=***",
    "'fs.s3a.secret.key=ab/12 and fs.s3a.access.key=CD', 'fs.s3a.secret.key=*** and"
        + " fs.s3a.access.key=***'",
    "spark.executorEnv.DB_PASS=abc, spark.executorEnv.DB_PASS=***",
    "spark.hadoop.fs.azure.account.key.me.dfs=ab==, spark.hadoop.fs.azure.account.key.me.dfs=***",
    "--conf=spark.x.apiKey=abc --y=1, --conf=spark.x.apiKey=*** --y=1",
    "'password=\"a b\" x=1', 'password=*** x=1'",
    "pass=a&user=b, pass=***&user=b",
    "passes=2 keys=4 monkey=1, passes=2 keys=4 monkey=1",
    "runs/20260101, runs/20260101"
  })
  void userInfoIsReplaced(String text, String shown) {
    assertThat(Places.shown(text)).isEqualTo(shown);
  }

  @Test
  void reasonIsOneLineWithoutSecrets() {
    assertThat(Places.reason(new IOException("no s3a://k:s@b/x\n in that\n\tat a.B.c(B.java:1)")))
        .isEqualTo("IOException: no s3a://***@b/x in that");
    assertThat(Places.reason(new IOException())).isEqualTo("IOException");
    assertThat(Places.reason(new IOException("\n"))).isEqualTo("IOException");
  }

  @Test
  void whatAParserQuotesIsAscii() {
    assertThatExceptionOfType(JsonProcessingException.class)
        .isThrownBy(() -> new ObjectMapper().readTree("{\"a\"\u00a0\u202e}"))
        .satisfies(e -> assertThat(Places.reason(e)).matches("[ -~]+").contains("\\u00a0"));
  }

  @Test
  void tracesHoldNoSecretsNorDoTheirCauses() {
    Exception failure =
        new IllegalStateException("on s3a://k:s@b/x", new IOException("hdfs://me:word@host"));

    assertThat(Places.trace(failure))
        .contains("on s3a://***@b/x", "Caused by", "hdfs://***@host", "PlacesTest")
        .doesNotContain("k:s", "word");
  }

  /** Patterns that try again at every letter take hours for these. */
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a.", "a=", "a://", "a://b:", "a://b:c@", "token=", "=", "://@", "pass-"})
  void textsOfManyLettersAreShownAtOnceAndCut(String part) {
    String text = part.repeat(400_000 / part.length());

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThat(Places.shown(text)).hasSizeLessThan(200_100).endsWith("letters more)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a://b:", "a://", "token"})
  void sparksRuleTakesTimeInProportionToo(String part) {
    String text = part.repeat(100_000 / part.length());

    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> Pattern.compile(Secrets.SPARK_RULE).matcher(text).find());
  }
}
