import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { INDEX_NAMES, TABLE_KEY } from '../src/aws/table-definition.ts';
import { INDEXES, type IndexName, TTL_ATTRIBUTE } from '../src/ports/table.ts';
import { onlyKnown } from './conditions.ts';

export type RecordsTableProps = {
  /** Unless it is `DESTROY`, the table outlives the stack, and nobody deletes it by mistake. */
  readonly removalPolicy: RemovalPolicy;
  /** Name of a table that is there already, such as one restored from a backup. Undefined: one of the stack's own. */
  readonly existing?: string;
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
  /** Patterns of the partition keys, those of indexes included, that it may touch. Undefined: all. */
  readonly keys?: readonly string[];
};

/** The one table of the product. */
export class RecordsTable extends Construct {
  readonly name: string;
  readonly resource: ITableV2;
  readonly #arn: string;

  constructor(scope: Construct, id: string, { removalPolicy, existing }: RecordsTableProps) {
    super(scope, id);
    this.resource =
      existing === undefined ? this.#table(removalPolicy) : TableV2.fromTableName(this, 'Existing', existing);
    this.name = this.resource.tableName;
    this.#arn = this.resource.tableArn;
  }

  #table(removalPolicy: RemovalPolicy): ITableV2 {
    // as: CDK declares some fields of its class otherwise than of the interface that the class implements
    return new TableV2(this, 'Table', {
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
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    }) as TableV2 & ITableV2;
  }

  /**
   * Exactly this and nothing else; CDK's own grants add every index. Whatever is allowed, entries of the audit log are added
   * and read only.
   */
  allow(role: Role, { table, indexes = [], keys }: TableAccess): void {
    const actions = table.map(action => `dynamodb:${action}`);
    const only = keys && { conditions: onlyKnown('StringLike', 'dynamodb:LeadingKeys', keys) };
    role.addToPolicy(new PolicyStatement({ actions, resources: [this.#arn], ...only }));
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
    role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources, ...only }));
  }
}

function text(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
