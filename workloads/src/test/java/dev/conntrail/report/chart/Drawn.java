package dev.conntrail.report.chart;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** An SVG, looked into. */
record Drawn(Document document) {
  private static final Pattern BOX =
      Pattern.compile("M([\\d.]+) ([\\d.]+)H([\\d.]+)V([\\d.]+)H[\\d.]+Z");

  /** A rectangle of a path. */
  record Box(double left, double top, double right, double bottom) {
    double height() {
      return bottom - top;
    }
  }

  /** Parses it, as XML. */
  static Drawn of(String svg) {
    List<Document> parsed = new ArrayList<>();
    assertThatCode(() ->
            parsed.add(
                DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)))))
        .as(svg)
        .doesNotThrowAnyException();
    return new Drawn(parsed.getFirst());
  }

  /** All elements of a name. */
  List<Element> all(String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** All texts. */
  List<String> texts() {
    return all("text").stream().map(Element::getTextContent).toList();
  }

  /** Rectangles of what has a colour. */
  List<Box> boxes(String colour) {
    List<Box> boxes = new ArrayList<>();
    for (Element path : all("path")) {
      if (path.getAttribute("fill").contains(colour)) {
        Matcher m = BOX.matcher(path.getAttribute("d"));
        while (m.find()) {
          boxes.add(
              new Box(
                  Double.parseDouble(m.group(1)),
                  Double.parseDouble(m.group(2)),
                  Double.parseDouble(m.group(3)),
                  Double.parseDouble(m.group(4))));
        }
      }
    }
    return boxes;
  }
}
