namespace Chard.Domain.Tasks;

/// <summary>
/// A unit of work: a class that knows nothing of Functions. Its name is the class's name. It may be delivered more than once
/// (docs/guarantees.md): hand <see cref="TaskContext.IdempotencyKey"/> to whatever has a side effect.
/// </summary>
/// <typeparam name="TArgs">A small record that survives JSON. Pass ids and references, not data.</typeparam>
/// <typeparam name="TResult">A small record that survives JSON; large ones travel by reference by themselves.</typeparam>
public interface ITask<in TArgs, TResult>
{
    /// <summary>Does the work once.</summary>
    /// <param name="args">What to work on.</param>
    /// <param name="context">Who asks, which attempt this is, and what to use while working.</param>
    /// <param name="cancellationToken">
    /// Fires at the time limit, when the host stops, when another run has taken over, and within five seconds of the workflow's
    /// being cancelled or out of time, on whatever host that was. Stop soon then; what the task throws after it tells nothing about
    /// the task. A task that returns all the same has done its work, and its row says so; of a cancelled workflow nothing goes on
    /// from it. Whoever ignores the token is left behind after 30 seconds (<c>Chard:Ledger:AbandonSeconds</c>).
    /// </param>
    /// <exception cref="Failures.TaskFailureException">The task knows what kind of failure it met; any other
    /// exception is classified.</exception>
    Task<TResult> RunAsync(TArgs args, TaskContext context, CancellationToken cancellationToken);
}

/// <summary>
/// A task that can tell whether a run that died half-way had its effect, so that an outcome in doubt need not be guessed.
/// </summary>
/// <typeparam name="TArgs">The task's arguments.</typeparam>
/// <typeparam name="TResult">The task's result.</typeparam>
public interface IProbe<in TArgs, TResult>
{
    /// <summary>Asks the other side whether the effect of <see cref="TaskContext.IdempotencyKey"/> landed.</summary>
    /// <returns>Landed with its result, or not landed (then the task runs again).</returns>
    Task<ProbeAnswer<TResult>> DidItLandAsync(TArgs args, TaskContext context, CancellationToken cancellationToken);
}

/// <summary>What a probe found.</summary>
/// <param name="Landed">True if the effect is there.</param>
/// <param name="Result">What the task would have given; only if it landed.</param>
public readonly record struct ProbeAnswer<TResult>(bool Landed, TResult? Result);
