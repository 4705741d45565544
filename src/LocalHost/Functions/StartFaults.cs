using Chard.DurableTask.Sqlite;
using Microsoft.Azure.WebJobs.Host.Indexers;

namespace Chard.LocalHost.Functions;

/// <summary>Of what the WebJobs SDK throws at its start, what somebody can mend.</summary>
internal static class StartFaults
{
    /// <summary>One sentence, or null where it is no mistake of a user's.</summary>
    public static string? Find(Exception exception)
    {
        for (var at = exception; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case FunctionIndexingException indexing:
                    return $"Function '{indexing.MethodName}' cannot be hosted: {indexing.InnerException?.Message ?? indexing.Message}";
                case SqliteStorageException storage:
                    return storage.Message;
            }
        }

        return null;
    }
}
