package dev.thrum.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresUrlTest {
    private static final Map<String, String> ONLY_USER = Map.of("USER", "me");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://u@h/db              | u@h:5432/db
            postgres://u@h/db                | u@h:5432/db
            postgresql://u:p@h:6543/db       | u@h:6543/db
            postgresql://h/db                | me@h:5432/db
            postgresql://h                   | me@h:5432/me
            postgresql://h:/db               | me@h:5432/db
            postgresql://                    | me@localhost:5432/me
            postgresql:///db                 | me@localhost:5432/db
            postgresql://u@                  | u@localhost:5432/u
            postgresql://u@/db               | u@localhost:5432/db
            postgresql://u@:6543/db          | u@localhost:6543/db
            postgresql://u:p@/db             | u@localhost:5432/db
            postgresql://@h/db               | me@h:5432/db
            postgresql://u%40x:p@h/d%20b     | u@x@h:5432/d b
            postgresql://u@my_host-1.x/db    | u@my_host-1.x:5432/db
            postgresql://u@[::1]:6543/db     | u@[::1]:6543/db
            postgresql://u@[fe80::1%25eth0]/db | u@[fe80::1%eth0]:5432/db
            postgresql://u@127.0.0.1/db?     | u@127.0.0.1:5432/db
            """)
    void addressIsRead_whenWellFormed_asByLibpq(String url, String place) {
        assertThat(PostgresUrl.parse(url, ONLY_USER).place()).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource({"p,p", "p%40q,p@q", "p+q,p+q", "p%2Bq,p+q", "p:q,p:q", "%C3%BC,ü", "%25,%", "'',''"})
    void passwordIsDecoded_whenItContainsEscapes_andAPlusStaysAPlus(String written, String decoded) {
        assertThat(PostgresUrl.parse("postgresql://u:" + written + "@h/db", Map.of("PGPASSWORD", "other"))
                        .properties())
                .containsEntry("password", decoded);
    }

    @Test
    void passwordIsRefused_whenItIsNotUtf8() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresUrl.parse("postgresql://u:%ff@h/db", ONLY_USER))
                .withMessageContaining("not UTF-8");
    }

    @Test
    void supportedParametersArePassedOn_underTheDriversNames() {
        assertThat(PostgresUrl.parse(
                                "postgresql://u@h/db?sslmode=require&application_name=a%20b&options=-c%20x%3D1",
                                Map.of("PGSSLMODE", "disable"))
                        .properties())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("sslmode", "require", "ApplicationName", "a b", "options", "-c x=1"));
    }

    @Test
    void environmentIsUsed_whenTheAddressOmitsAPart_andOnlyThen() {
        Map<String, String> environment = Map.of(
                "PGHOST",
                "db.example",
                "PGPORT",
                "6543",
                "PGDATABASE",
                "shop",
                "PGUSER",
                "clerk",
                "PGPASSWORD",
                "s",
                "PGSSLMODE",
                "require",
                "USER",
                "me");

        PostgreSql filled = PostgresUrl.parse("postgresql://", environment);
        assertThat(filled.place()).isEqualTo("clerk@db.example:6543/shop");
        assertThat(filled.properties()).isEqualTo(Map.of("password", "s", "sslmode", "require"));
        PostgreSql given = PostgresUrl.parse("postgresql://u:p@h:1/d?sslmode=prefer", environment);
        assertThat(given.place()).isEqualTo("u@h:1/d");
        assertThat(given.properties()).isEqualTo(Map.of("password", "p", "sslmode", "prefer"));
        assertThat(PostgresUrl.parse("postgresql://", Map.of("USER", "me", "PGHOST", "::1", "PGPORT", ""))
                        .place())
                .isEqualTo("me@[::1]:5432/me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:s3cret@h/db",
                "u:s3cret@h/db",
                "postgresql:/u:s3cret@h/db",
                "postgresql://u:s3cret%4@h/db",
                "postgresql://u:s3cret%00@h/db",
                "postgresql://u:12/s3cret@h/db",
                "postgresql://u:12?s3cret@h/db",
                "postgresql://u:12?s3cret=@h/db",
                "postgresql://u:s3cret@x@h/db",
                "postgresql://u:s3cret@h:port/db",
                "postgresql://u:s3cret@h:0/db",
                "postgresql://u:s3cret@h:65536/db",
                "postgresql://u:s3cret@h:99999999999/db",
                "postgresql://u:s3cret@h1,h2/db",
                "postgresql://u:s3cret@h:1:2/db",
                "postgresql://u:s3cret@[::1/db",
                "postgresql://u:s3cret@::1/db",
                "postgresql://u:s3cret@h h/db",
                "postgresql://u:s3 cret@h/db",
                "postgresql://u@h/db?password=s3cret",
                "postgresql://u@h/db?s3cret",
                "postgresql://u@h/db?sslmode",
                "postgresql://u:s3cret@%2Fvar%2Frun/db",
                "postgresql://:s3cret@h/db",
            })
    void addressIsRefused_whenMalformed_withoutRepeatingTheSecret(String url) {
        Map<String, String> environment = Map.of("PGPASSWORD", "s3cret");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresUrl.parse(url, environment))
                .withMessageStartingWith("expected an address such as postgresql://user@host:5432/database but ")
                .withMessageNotContaining("s3cret")
                .withMessageNotContaining("cret@")
                .withNoCause();
    }

    @Test
    void variablesAreRefused_whenMalformed_andNamedInTheMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresUrl.parse("postgresql://u@h", Map.of("PGPORT", "many")))
                .withMessageContaining("PGPORT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresUrl.parse("postgresql://u@", Map.of("PGHOST", "/var/run/postgresql")))
                .withMessageContaining("PGHOST");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresUrl.parse("postgresql://h", Map.of()))
                .withMessageContaining("PGUSER");
    }

    @Test
    void passwordIsHidden_whenASourceIsPrinted() {
        Source source = Source.postgresql("postgresql://u:s3cret@h/db", Map.of());

        assertThat(source).hasToString("PostgreSQL u@h:5432/db");
        assertThat(DatabaseConfig.of(source).toString()).doesNotContain("s3cret");
        assertThat(source.dialect().toString()).doesNotContain("s3cret");
    }
}
