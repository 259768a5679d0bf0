package dev.thrum.lab.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The drawing of a ring. */
final class RingTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8})
    void boxes_areWithinTheDrawing_andApart(int threads) throws Exception {
        List<String> names = new ArrayList<>();
        List<Ring.Link> links = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            names.add("thread-" + i);
            links.add(new Ring.Link("thread-" + i, "lock <" + i + "> & more", "thread-" + (i + 1) % threads, true));
        }

        Element svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(Ring.svg(links, names))))
                .getDocumentElement();

        String[] view = svg.getAttribute("viewBox").split(" ", -1);
        Rectangle2D all = new Rectangle2D.Double(
                Double.parseDouble(view[0]),
                Double.parseDouble(view[1]),
                Double.parseDouble(view[2]),
                Double.parseDouble(view[3]));
        List<Rectangle2D> boxes = new ArrayList<>();
        NodeList rectangles = svg.getElementsByTagName("rect");
        for (int i = 0; i < rectangles.getLength(); i++) {
            Element one = (Element) rectangles.item(i);
            boxes.add(new Rectangle2D.Double(
                    number(one, "x"), number(one, "y"), number(one, "width"), number(one, "height")));
        }
        assertThat(boxes).hasSize(2 * threads).allSatisfy(box -> {
            assertThat(all.contains(box)).as("%s in %s", box, all).isTrue();
            assertThat(boxes).filteredOn(other -> !other.equals(box)).noneMatch(other -> other.intersects(box));
        });
        assertThat(svg.getTextContent()).contains("waits for", "held by", "thread-0", "lock <0> & more");
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
