package dev.thrum.crawl.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.text.PageText.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTextTest {
    private static final String KOI = "<meta charset=koi8-r>";
    private static final String XML = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>";

    private static PageText decode(String page, @Nullable String contentType) {
        return PageText.decode(page.getBytes(ISO_8859_1), contentType);
    }

    private static byte[] marked(String mark, String text, Charset charset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(mark));
        bytes.writeBytes(text.getBytes(charset));
        return bytes.toByteArray();
    }

    @Test
    void mark_ofByteOrder_isStrongerThanAllElse() {
        String page = KOI + "Ж";
        assertThat(PageText.decode(marked("efbbbf", page, UTF_8), "text/html; charset=euc-jp"))
                .isEqualTo(new PageText(page, "UTF-8", Source.BYTE_ORDER_MARK));
        assertThat(PageText.decode(marked("fffe", page, UTF_16LE), "text/html; charset=euc-jp"))
                .isEqualTo(new PageText(page, "UTF-16LE", Source.BYTE_ORDER_MARK));
        assertThat(PageText.decode(marked("feff", page, UTF_16BE), null))
                .isEqualTo(new PageText(page, "UTF-16BE", Source.BYTE_ORDER_MARK));
    }

    @Test
    void contentType_withACharset_isStrongerThanThePage() {
        assertThat(decode(XML + KOI, "text/html; charset=ISO-8859-1"))
                .isEqualTo(new PageText(XML + KOI, "windows-1252", Source.CONTENT_TYPE));
    }

    @Test
    void contentType_withAnUnknownCharset_countsForNothing() {
        assertThat(decode(KOI + "\u00c1", "text/html; charset=utf-9"))
                .isEqualTo(new PageText(KOI + "а", "KOI8-R", Source.META));
    }

    @Test
    void meta_always_isStrongerThanTheXmlDeclaration() {
        assertThat(decode(XML + KOI, null).encoding()).isEqualTo("KOI8-R");
    }

    @Test
    void xmlDeclaration_withoutMeta_isUsed() {
        assertThat(decode(XML + "<p>\u00e0", "text/xml"))
                .isEqualTo(new PageText(XML + "<p>а", "windows-1251", Source.XML_DECLARATION));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?xml version='1.0' encoding = 'KOI8-R' ?>",
                "<?xml\u0001encoding\u0002=\u0003\"koi8-r\">",
                "<?xmlencoding='koi8-r'>",
            })
    void xmlDeclaration_ofAnyForm_isRead(String page) {
        assertThat(decode(page, null).encoding()).isEqualTo("KOI8-R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " <?xml version='1.0' encoding='koi8-r'?>",
                "<?xml version='1.0' encoding='koi8 -r'?>",
                "<?xml version='1.0' encoding='koi8-r",
                "<?xml version='1.0' encoding=koi8-r?>",
                "<?xml version='1.0' encoding='koi8-r>'?>",
                "<?xml version='1.0' encoding",
                "<?xml version='1.0' encoding=>",
                "<?xml version='1.0' encoding   >",
                "<?xml version='1.0' coding='koi8-r'?>",
                "<?XML version='1.0' encoding='koi8-r'?>",
            })
    void xmlDeclaration_thatIsNone_countsForNothing(String page) {
        assertThat(decode(page, null).source()).isEqualTo(Source.DETECTOR);
    }

    @Test
    void xmlDeclaration_inUtf16_showsTheByteOrder() {
        assertThat(PageText.decode("<?xml version='1.0'?>Ж".getBytes(UTF_16LE), null)
                        .encoding())
                .isEqualTo("UTF-16LE");
        assertThat(PageText.decode("<?xml version='1.0'?>Ж".getBytes(UTF_16BE), null)
                        .encoding())
                .isEqualTo("UTF-16BE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/html; charset=koi8-r|koi8-r",
                "text/html;charset=\"koi8-r\"|koi8-r",
                "text/html; CharSet='koi8-r'; x=y|koi8-r",
                "text/html; x=\";charset=euc-jp\"; charset= koi8-r |koi8-r",
                "text/html; charset=koi8-r; charset=utf-8|koi8-r",
                "text/html; charset=\"|``",
                "text/html; charset=|``",
            })
    void charset_ofAContentType_isFound(String field, String charset) {
        assertThat(ContentType.charset(field)).hasValue(charset);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "charset=utf-8", "text/html", "text/html; xcharset=utf-8", "text/html; charset"})
    void charset_thatIsMissing_isEmpty(String field) {
        assertThat(ContentType.charset(field)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=utf-8, HTML",
        "TEXT/HTML, HTML",
        "text/plain, HTML",
        "'', HTML",
        "nonsense, HTML",
        "application/xhtml+xml, HTML",
        "application/rss+xml; charset=utf-8, XML",
        "text/xml, XML",
        "application/xml, XML",
        "image/png, OTHER",
        "application/pdf, OTHER",
        "application/json, OTHER",
    })
    void kind_always_followsTheType(String field, ContentType.Kind kind) {
        assertThat(ContentType.kind(field)).isEqualTo(kind);
    }

    @Test
    void text_withoutDeclaration_isUtf8IfItIsValid() {
        assertThat(decode("plain", null)).isEqualTo(new PageText("plain", "UTF-8", Source.DETECTOR));
        assertThat(PageText.decode("<p>é".getBytes(UTF_8), null).text()).isEqualTo("<p>é");
        assertThat(decode("", null).text()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251, 'Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью'",
        "Shift_JIS, '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。'",
        "EUC-JP, '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。'",
        "ISO-2022-JP, '吾輩は猫である。名前はまだ無い。'",
        "gb18030, '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。'",
        "Big5, '人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。'",
        "EUC-KR, '모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.'",
        "windows-1252, 'Le cœur déçu mais l''âme plutôt naïve, Louÿs rêva de crapaüter en canoë au delà des îles'",
    })
    void text_withoutDeclaration_isDetected(String encoding, String text) {
        String page = "<html><head></head><body><p>" + text + "</p></body></html>";
        Charset charset = Charset.forName(encoding.equals("Shift_JIS") ? "windows-31j" : encoding);
        PageText decoded = PageText.decode(page.getBytes(charset), "text/html");
        assertThat(decoded).isEqualTo(new PageText(page, encoding, Source.DETECTOR));
    }

    @Test
    void page_ofAnyBytes_neverFails() {
        Random random = new Random(4711);
        String[] parts = {
            "<?xml ",
            "encoding=",
            "<meta ",
            "charset=",
            "'",
            "\"",
            ">",
            "<!--",
            "-->",
            "content=",
            "utf-8",
            "/",
            " ",
            "<",
            "a",
            "\u00e9"
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder page = new StringBuilder(random.nextBoolean() ? "<?xml" : "<meta");
            for (int i = random.nextInt(12); i > 0; i--) {
                page.append(parts[random.nextInt(parts.length)]);
            }
            assertThat(PageText.decode(page.toString().getBytes(ISO_8859_1), page.toString())
                            .encoding())
                    .as(page.toString())
                    .isNotEmpty();
        }
    }

    @Test
    void page_ofAsciiOnly_neverChanges() {
        byte[] page = "<title>a</title>\r\n\0".getBytes(US_ASCII);
        assertThat(PageText.decode(page, "text/html; charset=shift_jis").text()).isEqualTo("<title>a</title>\r\n\0");
    }
}
