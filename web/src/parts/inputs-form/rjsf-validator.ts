import { ErrorSchemaBuilder, type RJSFValidationError, type ValidatorType } from '@rjsf/utils';
import { checkInputs } from './check-inputs.ts';
import type { InputSchema } from './field-kind.ts';
import { type FormValue, givenInputs } from './request-body.ts';

/** The validator of the form, on a library that compiles no code: the content security policy forbids `eval`. */
export const rjsfValidator: ValidatorType<FormValue, InputSchema> = {
  validateFormData(data, schema) {
    const builder = new ErrorSchemaBuilder<FormValue>();
    const errors = checkInputs(schema, givenInputs(schema, data)).map(({ path, message }): RJSFValidationError => {
      builder.addErrors(message, [...path]);
      return { stack: `${path.join('.')} ${message}`, message, property: `.${path.join('.')}` };
    });
    return { errors, errorSchema: builder.ErrorSchema };
  },
  isValid(schema, data) {
    return checkInputs(schema, givenInputs(schema, data)).length === 0;
  },
  rawValidation() {
    return { errors: [] };
  },
};
