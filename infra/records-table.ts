import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { INDEX_NAMES, TABLE_KEY } from '../src/aws/table-definition.ts';
import { INDEXES, type IndexName, TTL_ATTRIBUTE } from '../src/ports/table.ts';

export type RecordsTableProps = {
  /** True: the table outlives the stack, and nobody deletes it by mistake. */
  readonly keepRecords: boolean;
};

/** What the AWS adapter of the `table` port calls. */
export type TableAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

/** Keys of the audit log, `AUDIT_PREFIX` of src/store/keys.ts. */
const AUDIT_KEYS = 'AUDIT#*';

export type TableAccess = {
  readonly table: readonly TableAction[];
  /** Indexes that it may query. */
  readonly indexes?: readonly IndexName[];
};

/** The one table of the product. */
export class RecordsTable extends Construct {
  readonly name: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { keepRecords }: RecordsTableProps) {
    super(scope, id);
    const table = new TableV2(this, 'Table', {
      partitionKey: text(TABLE_KEY.pk),
      sortKey: text(TABLE_KEY.sk),
      globalSecondaryIndexes: INDEX_NAMES.map(indexName => ({
        indexName,
        partitionKey: text(INDEXES[indexName].pk),
        sortKey: text(INDEXES[indexName].sk),
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      timeToLiveAttribute: TTL_ATTRIBUTE,
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // AWS's key in this account: its use is in CloudTrail, and no function needs a right to it. A key of one's own can
      // take its place later without a new table.
      encryption: TableEncryptionV2.awsManagedKey(),
      deletionProtection: keepRecords,
      removalPolicy: keepRecords ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.name = table.tableName;
    this.#arn = table.tableArn;
  }

  /**
   * Exactly this and nothing else; CDK's own grants add every index. Whatever is allowed, entries of the audit log are added
   * and read only.
   */
  allow(role: Role, { table, indexes = [] }: TableAccess): void {
    const actions = table.map(action => `dynamodb:${action}`);
    role.addToPolicy(new PolicyStatement({ actions, resources: [this.#arn] }));
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
        resources: [this.#arn],
        // The partition keys of a request; of a batch all of them, of which one is enough to refuse the whole.
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
        conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': [AUDIT_KEYS] } },
      }),
    );
    if (indexes.length === 0) return;
    const resources = indexes.map(name => `${this.#arn}/index/${name}`);
    role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
  }
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
