namespace Chard.Domain.Limits;

/// <summary>A permit that was given.</summary>
/// <param name="Permit">Whose it is.</param>
/// <param name="At">When its call may go, or when it was last confirmed, UTC.</param>
/// <param name="Counts">True if it takes a place until it is given back; one of a rate alone is over by itself.</param>
/// <param name="Told">False while it is not certain that its owner knows.</param>
public sealed record Holding(Permit Permit, DateTimeOffset At, bool Counts, bool Told);
