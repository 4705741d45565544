namespace Chard.Domain.Tasks;

/// <summary>
/// A unit of work whose arguments are an array that it reads item by item, such as the body of a chord over 100,000 results.
/// However long the array is, no more than some kilobytes of it are in memory. In all else it is a task like any
/// <see cref="ITask{TArgs, TResult}"/>; its probe, if it has one, is an <see cref="IProbe{TArgs, TResult}"/> of
/// <c>IAsyncEnumerable&lt;TItem&gt;</c>.
/// </summary>
/// <typeparam name="TItem">An item of the array; survives JSON.</typeparam>
/// <typeparam name="TResult">A small record that survives JSON; large ones travel by reference by themselves.</typeparam>
public interface IStreamTask<TItem, TResult>
{
    /// <summary>Does the work once.</summary>
    /// <param name="items">
    /// The items, in their order. May be enumerated again; each time reads from the first. Who reaches the end has read what was
    /// written; until then that is not verified, so a task that acts on an item at once acts on one that the end might disown. An
    /// item that does not fit throws <see cref="Failures.PermanentTaskException"/> (<c>invalid-args</c>) in the middle of it, a
    /// payload that was altered <c>payload-altered</c>: let them through.
    /// </param>
    /// <param name="context">Who asks, which attempt this is, and what to use while working.</param>
    /// <param name="cancellationToken">Fires when the workflow is cancelled, the time limit is reached, or the host
    /// stops. Reading obeys it too.</param>
    /// <exception cref="Failures.TaskFailureException">The task knows what kind of failure it met; any other
    /// exception is classified.</exception>
    Task<TResult> RunAsync(IAsyncEnumerable<TItem> items, TaskContext context, CancellationToken cancellationToken);
}
