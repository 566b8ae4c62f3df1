package dev.conntrail.report.comparison;

import dev.conntrail.compare.Change;
import dev.conntrail.compare.Comparison;
import dev.conntrail.compare.CountChange;
import dev.conntrail.compare.CountComparison;
import dev.conntrail.compare.TimeComparison;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A comparison as a JUnit report, which CI servers show: a test a verdict; what is slower beyond
 * the margin, or a count that differs, fails; what cannot be told is skipped.
 */
public final class Junit {
  private final XMLStreamWriter xml;

  private Junit(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** As XML. */
  public static String of(Comparison c) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new Junit(xml).write(c);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  private void write(Comparison c) throws XMLStreamException {
    List<TimeComparison> times = c.times().stream().filter(t -> t.timed().primary()).toList();
    long failures = (long) c.slowerBeyond().size() + c.counts(CountChange.DIFFERS).size();
    long skipped =
        times.stream().filter(t -> untold(t.change())).count()
            + c.counts(CountChange.TOO_FEW).size();
    xml.writeStartDocument();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", "conntrail compare");
    xml.writeAttribute("tests", Long.toString(times.size() + c.counts().size()));
    xml.writeAttribute("failures", Long.toString(failures));
    xml.writeAttribute("skipped", Long.toString(skipped));
    for (TimeComparison t : times) {
      time(t, c.margin());
    }
    for (CountComparison n : c.counts()) {
      count(n);
    }
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private static boolean untold(Change change) {
    return change == Change.CANNOT_TELL
        || change == Change.NOISE_UNKNOWN
        || change == Change.NOT_COMPARABLE;
  }

  private void time(TimeComparison t, double margin) throws XMLStreamException {
    begin(t.pair().title(), t.timed().word());
    ForestRow row = ForestRow.of(t, margin);
    if (t.slowerBeyond(margin)) {
      message("failure", row.verdict() + ": " + row.ratioText());
    } else if (untold(t.change())) {
      message("skipped", row.verdict());
    }
    xml.writeEndElement();
  }

  private void count(CountComparison n) throws XMLStreamException {
    begin(n.pair().title(), n.counted().word());
    switch (n.change()) {
      case DIFFERS -> message("failure", n.counted().title() + " differ: " + n.a() + ", " + n.b());
      case TOO_FEW -> message("skipped", CountsTable.verdict(n));
      case NO_DIFFERENCE, ALIKE -> {
        // passed
      }
    }
    xml.writeEndElement();
  }

  private void begin(String cell, String measure) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", cell);
    xml.writeAttribute("name", measure);
  }

  private void message(String element, String text) throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("message", text);
    xml.writeEndElement();
  }
}
