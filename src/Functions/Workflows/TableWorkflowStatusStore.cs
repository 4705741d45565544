using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Chard.Domain.Workflows;

namespace Chard.Functions.Workflows;

/// <summary>
/// Status rows in Table storage, table <c>ChardWorkflows</c>: PartitionKey the workflow's id, RowKey <c>workflow</c>. Columns:
/// Workflow, Status, Owner, Total/Succeeded/Failed, CreatedAt, StartedAt, CompletedAt, ErrorCode, ErrorMessage, ErrorTask,
/// Result (JSON text), RequestHash (SHA-256 of the start).
/// </summary>
public sealed class TableWorkflowStatusStore(TableServiceClient tables, TimeProvider time) : IWorkflowStatusStore
{
    /// <summary>Name of the table.</summary>
    public const string TableName = "ChardWorkflows";

    private const string RowKey = "workflow";

    private readonly TableClient _table = tables.GetTableClient(TableName);

    /// <inheritdoc/>
    public async Task<bool> TryAddAsync(WorkflowState state, string requestHash, CancellationToken cancellationToken)
    {
        TableEntity entity = ToEntity(state);
        entity["RequestHash"] = requestHash;
        try
        {
            await _table.AddEntityAsync(entity, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == "EntityAlreadyExists")
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<WorkflowState?> GetAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } entity ? ToState(entity) : null;

    /// <inheritdoc/>
    public async Task<string?> GetRequestHashAsync(string id, CancellationToken cancellationToken) =>
        (await FindAsync(id, cancellationToken))?.GetString("RequestHash");

    /// <inheritdoc/>
    public async Task<WorkflowState> UpdateAsync(WorkflowUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            TableEntity entity = await FindAsync(update.Id, cancellationToken)
                ?? throw new KeyNotFoundException($"Workflow '{update.Id}' has no status row.");
            WorkflowState state = ToState(entity);
            if (state.Apply(update, time.GetUtcNow()) is not { } next || next == state)
            {
                return state;
            }

            try
            {
                await _table.UpdateEntityAsync(ToEntity(next), entity.ETag, TableUpdateMode.Merge, cancellationToken);
                return next;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                // Somebody wrote in between: decide again on what holds now.
            }
        }
    }

    private async Task<TableEntity?> FindAsync(string id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> response =
            await _table.GetEntityIfExistsAsync<TableEntity>(id, RowKey, cancellationToken: cancellationToken);
        return response.HasValue ? response.Value : null;
    }

    private static TableEntity ToEntity(WorkflowState state)
    {
        var entity = new TableEntity(state.Id, RowKey)
        {
            ["Workflow"] = state.Workflow,
            ["Status"] = JsonNamingPolicy.CamelCase.ConvertName(state.Status.ToString()),
            ["CreatedAt"] = state.CreatedAt,
        };
        Set(entity, "Owner", state.Owner);
        Set(entity, "Total", state.Progress?.Total);
        Set(entity, "Succeeded", state.Progress?.Succeeded);
        Set(entity, "Failed", state.Progress?.Failed);
        Set(entity, "StartedAt", state.StartedAt);
        Set(entity, "CompletedAt", state.CompletedAt);
        Set(entity, "ErrorCode", state.Error?.Code);
        Set(entity, "ErrorMessage", state.Error?.Message);
        Set(entity, "ErrorTask", state.Error?.Task);
        Set(entity, "Result", state.Result?.GetRawText());
        return entity;
    }

    private static void Set(TableEntity entity, string name, object? value)
    {
        if (value is not null)
        {
            entity[name] = value;
        }
    }

    private static WorkflowState ToState(TableEntity entity) => new()
    {
        Id = entity.PartitionKey,
        Workflow = entity.GetString("Workflow"),
        Status = Enum.Parse<WorkflowStatus>(entity.GetString("Status"), ignoreCase: true),
        Owner = entity.GetString("Owner"),
        Progress = entity.GetInt32("Total") is { } total
            ? new(total, entity.GetInt32("Succeeded") ?? 0, entity.GetInt32("Failed") ?? 0)
            : null,
        CreatedAt = entity.GetDateTimeOffset("CreatedAt") ?? default,
        StartedAt = entity.GetDateTimeOffset("StartedAt"),
        CompletedAt = entity.GetDateTimeOffset("CompletedAt"),
        Error = entity.GetString("ErrorCode") is { } code
            ? new(code, entity.GetString("ErrorMessage"), entity.GetString("ErrorTask"))
            : null,
        Result = entity.GetString("Result") is { } result ? JsonElement.Parse(result) : null,
    };
}
