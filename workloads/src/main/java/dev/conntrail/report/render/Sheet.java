package dev.conntrail.report.render;

import dev.conntrail.report.block.Tone;
import java.util.List;

/**
 * What is drawn as a page of HTML, whatever it is about.
 *
 * @param title in the browser's tab
 * @param about what is asked, above the heading
 * @param tone whether all is as it should be
 * @param heading one sentence
 * @param lead what, where and when, in a line
 * @param lacks what cannot be told
 * @param sections those that say something
 */
public record Sheet(
    String title,
    String about,
    Tone tone,
    String heading,
    List<String> lead,
    List<String> lacks,
    List<Page.Part> sections) {}
