using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SalesFlow.Sales;

/// <summary>Deal ids are integers in the database.</summary>
internal sealed class DealIdConverter() : ValueConverter<DealId, long>(id => id.Value, value => new DealId(value));

/// <summary>Task ids are integers in the database.</summary>
internal sealed class TaskIdConverter() : ValueConverter<TaskId, long>(id => id.Value, value => new TaskId(value));

/// <summary>Client ids are integers in the database.</summary>
internal sealed class ClientIdConverter() : ValueConverter<ClientId, long>(id => id.Value, value => new ClientId(value));

/// <summary>Document ids are integers in the database.</summary>
internal sealed class DocumentIdConverter() : ValueConverter<DocumentId, long>(id => id.Value, value => new DocumentId(value));

/// <summary>Approval ids are integers in the database.</summary>
internal sealed class ApprovalIdConverter() : ValueConverter<ApprovalId, long>(id => id.Value, value => new ApprovalId(value));

/// <summary>Meeting ids are integers in the database.</summary>
internal sealed class MeetingIdConverter() : ValueConverter<MeetingId, long>(id => id.Value, value => new MeetingId(value));

/// <summary>User ids are integers in the database.</summary>
internal sealed class UserIdConverter() : ValueConverter<UserId, long>(id => id.Value, value => new UserId(value));

