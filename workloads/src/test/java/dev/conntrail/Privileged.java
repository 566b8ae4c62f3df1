package dev.conntrail;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that makes network namespaces and loads rules into them: skipped, and said to be, where
 * there is no root.
 */
@Tag("privileged")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Privileged.Root.class)
public @interface Privileged {
  /** Whether root is there. */
  final class Root implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return "root".equals(System.getProperty("user.name"))
          ? ConditionEvaluationResult.enabled("root")
          : ConditionEvaluationResult.disabled("needs root, for network namespaces");
    }
  }
}
