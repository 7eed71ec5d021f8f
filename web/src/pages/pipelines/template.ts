/** What a new pipeline begins with: it runs as it is, and shows what people write first. */
export const TEMPLATE = `# Ctrl+Space offers what can stand at the cursor; what is wrong is marked as you type.
id: my-pipeline
name: My pipeline

# What starts it. pipeline_call: a person, or a program over the API, who gives these inputs.
on:
  pipeline_call:
    inputs:
      name:
        type: string
        description: Who is greeted.
        default: world

# Jobs run at the same time, but for those that need others.
jobs:
  greet:
    steps:
      - name: Say hello
        uses: actions/humanitec/log@v1
        with:
          message: Hello, \${{ inputs.name }}!
  finish:
    needs: [greet]
    steps:
      - name: Say that it is done
        uses: actions/humanitec/log@v1
        with:
          message: Done.
`;
