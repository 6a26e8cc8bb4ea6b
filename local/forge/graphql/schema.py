"""The part of GitHub's GraphQL schema that the forge answers."""

SCHEMA = """
scalar DateTime
scalar URI
scalar GitObjectID

enum PullRequestState { CLOSED MERGED OPEN }
enum PullRequestReviewState { APPROVED CHANGES_REQUESTED COMMENTED DISMISSED PENDING }
enum PullRequestReviewEvent { APPROVE COMMENT DISMISS REQUEST_CHANGES }
enum DiffSide { LEFT RIGHT }
enum PullRequestReviewThreadSubjectType { FILE LINE }
enum MergeableState { CONFLICTING MERGEABLE UNKNOWN }

interface Node { id: ID! }
interface Actor { login: String! url: URI! avatarUrl: URI! }

type User implements Node & Actor {
  id: ID! databaseId: Int login: String! name: String url: URI! avatarUrl: URI!
}
type Bot implements Node & Actor { id: ID! databaseId: Int login: String! url: URI! avatarUrl: URI! }
type Organization implements Node & Actor {
  id: ID! databaseId: Int login: String! name: String url: URI! avatarUrl: URI!
}

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

type Query {
  viewer: User!
  node(id: ID!): Node
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
}

type Ref implements Node { id: ID! name: String! prefix: String! }

type Repository implements Node {
  id: ID!
  databaseId: Int
  name: String!
  nameWithOwner: String!
  owner: Actor!
  isPrivate: Boolean!
  url: URI!
  defaultBranchRef: Ref
  pullRequest(number: Int!): PullRequest
}

type PullRequest implements Node {
  id: ID!
  fullDatabaseId: String
  databaseId: Int
  number: Int!
  title: String!
  body: String!
  url: URI!
  state: PullRequestState!
  isDraft: Boolean!
  merged: Boolean!
  mergeable: MergeableState!
  headRefName: String!
  headRefOid: GitObjectID!
  baseRefName: String!
  baseRefOid: GitObjectID!
  author: Actor
  createdAt: DateTime!
  updatedAt: DateTime!
  repository: Repository!
  reviews(
    first: Int, last: Int, after: String, before: String, author: String,
    states: [PullRequestReviewState!]
  ): PullRequestReviewConnection
  latestReviews(first: Int, last: Int, after: String, before: String): PullRequestReviewConnection
  reviewThreads(first: Int, last: Int, after: String, before: String): PullRequestReviewThreadConnection!
}

type PullRequestReviewConnection { nodes: [PullRequestReview] totalCount: Int! pageInfo: PageInfo! }
type PullRequestReview implements Node {
  id: ID!
  databaseId: Int
  state: PullRequestReviewState!
  body: String!
  url: URI!
  author: Actor
  submittedAt: DateTime
}

type PullRequestReviewThreadConnection {
  nodes: [PullRequestReviewThread] totalCount: Int! pageInfo: PageInfo!
}
type PullRequestReviewThread implements Node {
  id: ID!
  isResolved: Boolean!
  isOutdated: Boolean!
  isCollapsed: Boolean!
  path: String!
  line: Int
  comments(first: Int, last: Int, after: String, before: String): PullRequestReviewCommentConnection!
}

type PullRequestReviewCommentConnection {
  nodes: [PullRequestReviewComment] totalCount: Int! pageInfo: PageInfo!
}
type PullRequestReviewComment implements Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: String
  body: String!
  path: String!
  line: Int
  originalLine: Int
  url: URI!
  author: Actor
  createdAt: DateTime!
  updatedAt: DateTime!
}

type Mutation {
  markPullRequestReadyForReview(input: MarkPullRequestReadyForReviewInput!): PullRequestPayload
  convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): PullRequestPayload
  addPullRequestReview(input: AddPullRequestReviewInput!): PullRequestReviewPayload
  submitPullRequestReview(input: SubmitPullRequestReviewInput!): PullRequestReviewPayload
  deletePullRequestReview(input: DeletePullRequestReviewInput!): PullRequestReviewPayload
  addPullRequestReviewThread(input: AddPullRequestReviewThreadInput!): PullRequestReviewThreadPayload
  resolveReviewThread(input: ResolveReviewThreadInput!): PullRequestReviewThreadPayload
  unresolveReviewThread(input: UnresolveReviewThreadInput!): PullRequestReviewThreadPayload
}

type PullRequestPayload { clientMutationId: String pullRequest: PullRequest }
type PullRequestReviewPayload { clientMutationId: String pullRequestReview: PullRequestReview }
type PullRequestReviewThreadPayload { clientMutationId: String thread: PullRequestReviewThread }

input MarkPullRequestReadyForReviewInput { pullRequestId: ID! clientMutationId: String }
input ConvertPullRequestToDraftInput { pullRequestId: ID! clientMutationId: String }
input AddPullRequestReviewInput {
  pullRequestId: ID!
  commitOID: GitObjectID
  body: String
  event: PullRequestReviewEvent
  clientMutationId: String
}
input SubmitPullRequestReviewInput {
  pullRequestId: ID
  pullRequestReviewId: ID
  event: PullRequestReviewEvent!
  body: String
  clientMutationId: String
}
input DeletePullRequestReviewInput { pullRequestReviewId: ID! clientMutationId: String }
input AddPullRequestReviewThreadInput {
  path: String!
  body: String!
  pullRequestId: ID
  pullRequestReviewId: ID
  line: Int
  side: DiffSide = RIGHT
  startLine: Int
  startSide: DiffSide = RIGHT
  subjectType: PullRequestReviewThreadSubjectType = LINE
  clientMutationId: String
}
input ResolveReviewThreadInput { threadId: ID! clientMutationId: String }
input UnresolveReviewThreadInput { threadId: ID! clientMutationId: String }
"""
