package dev.conntrail.report.render;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Fills the templates of the report. */
final class Templates {
  private static final Configuration CONFIGURATION = configuration();

  private Templates() {}

  private static Configuration configuration() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassLoaderForTemplateLoading(Templates.class.getClassLoader(), "report");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setRecognizeStandardFileExtensions(true);
    configuration.setNumberFormat("computer");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    return configuration;
  }

  /** What every page is filled with; more may be added. */
  static Map<String, Object> model() throws IOException {
    Map<String, Object> model = new HashMap<>();
    model.put("glossary", Glossary.read());
    return model;
  }

  static String fill(String template, Map<String, Object> model) throws IOException {
    try (Writer out = new StringWriter()) {
      CONFIGURATION.getTemplate(template).process(model, out);
      return out.toString();
    } catch (TemplateException e) {
      throw new IllegalStateException("the template " + template + " failed: " + e.getMessage(), e);
    }
  }

  /** A resource beside the templates. */
  static String resource(String name) throws IOException {
    try (InputStream in = Templates.class.getResourceAsStream("/report/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
