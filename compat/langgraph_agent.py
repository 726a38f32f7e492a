"""An agent of LangGraph over AG-UI, as ag-ui-langgraph serves it unless it is told otherwise. It needs no model.

Run by the Python of an environment of its own. Its step `ask` asks a person for leave; asked for two, two ask at once.
"""

from __future__ import annotations

import socket
from typing import Annotated, Any

import uvicorn
from ag_ui_langgraph import LangGraphAgent, add_langgraph_fastapi_endpoint
from fastapi import FastAPI
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import interrupt
from typing_extensions import TypedDict

SCHEMA = {"type": "object", "properties": {"approved": {"type": "boolean"}}, "required": ["approved"]}


class State(TypedDict):
    messages: Annotated[list[Any], add_messages]


def ask(state: State) -> State:
    given = interrupt({"message": "Delete 3 files?", "responseSchema": SCHEMA})
    return {"messages": [AIMessage(f"You said: {given['approved']}.")]}


def also(state: State) -> State:
    return {"messages": [AIMessage(f"And that: {interrupt('Why?')}.")]}


def steps(state: State) -> list[str]:
    return ["ask", "also"] if "two" in state["messages"][0].content else ["ask"]


def app() -> FastAPI:
    graph = StateGraph(State)
    for name, step in (("ask", ask), ("also", also)):
        graph.add_node(name, step)
        graph.add_edge(name, END)
    graph.add_conditional_edges(START, steps)
    served = FastAPI()
    agent = LangGraphAgent(name="files", graph=graph.compile(checkpointer=MemorySaver()))
    add_langgraph_fastapi_endpoint(served, agent, "/agent")
    return served


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app(), log_level="error")).run(sockets=[listener])
